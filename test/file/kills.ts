// Kills processes that write to a journal in files, at random moments, and looks at what is there afterwards.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { FileSystem } from '../../src/file/file-system.js';
import { LogReader } from '../../src/file/log-reader.js';
import { nodeFiles } from '../../src/runtime/platform/node-files.js';
import { type Random, randomOf } from './simulated-disk.js';

/** What came of many kills. */
export interface Kills {
  readonly kills: number;
  /** Of them, those that came before the journal was open. */
  readonly early: number;
  /** Those after which something was cut off. */
  readonly torn: number;
  /** Records that are durable by the end, all folders together. */
  readonly records: number;
}

/** Kills after which a new folder is begun. */
const KILLS_A_FOLDER = 25;
const RECORD_BYTES = 24;
const LAYOUT = {
  name: 'Numbered',
  fingerprint: '{"n":u53,"check":f64,"name":text}',
  recordBytes: RECORD_BYTES,
  texts: [16],
};

/**
 * Kills processes one after the other, each going on where the one before was killed.
 *
 * @param program The bundle of killed-program.ts.
 * @param progress Called after each.
 * @throws {Error} If a durable record is lost, or a record is there twice or not as it was written; the seed is named.
 */
export async function killMany(
  program: string,
  kills: number,
  seed: number,
  progress: () => void,
): Promise<Kills> {
  const files = nodeFiles() as FileSystem;
  const chance = randomOf(seed);
  const counts = { kills, early: 0, torn: 0, records: 0 };
  let folder = '';
  let durable = 0;
  try {
    for (let i = 0; i < kills; i++) {
      if (i % KILLS_A_FOLDER === 0) {
        counts.records += durable;
        if (folder !== '') await rm(folder, { recursive: true, force: true });
        folder = await mkdtemp(join(tmpdir(), 'killed-'));
        durable = 0;
      }
      const trace = `seed ${seed}, kill ${i}`;
      const said = await runAndKill(program, join(folder, 'journal'), Math.floor(chance() * 2 ** 32), chance);
      if (said.stderr !== '') throw new Error(`${trace}: ${said.stderr}`);
      if (said.opened < 0) counts.early++;
      else if (said.opened < durable)
        throw new Error(`${trace}: goes on at ${said.opened}, durable was ${durable}`);
      durable = Math.max(durable, said.durable, said.opened);
      if (said.opened >= 0 && checkFolder(files, join(folder, 'journal'), durable, trace)) counts.torn++;
      progress();
    }
    counts.records += durable;
  } finally {
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  }
  return counts;
}

/** Reads everything; whether there is something to be cut off. */
function checkFolder(files: FileSystem, path: string, durable: number, trace: string): boolean {
  const reader = new LogReader(files, path, LAYOUT, { from: 'start' });
  let next = -1;
  let texts: string[] = [];
  for (let chunk = reader.next(); chunk !== undefined; chunk = reader.next()) {
    if (next >= 0 && chunk.first !== next) throw new Error(`${trace}: ${chunk.first} follows ${next - 1}`);
    if (chunk.isNewSegment) texts = [];
    texts.push(...chunk.texts);
    const view = new DataView(chunk.bytes.buffer);
    for (let i = 0; i < chunk.count; i++) {
      const n = chunk.first + i;
      const found = Number(view.getBigUint64(i * RECORD_BYTES, true));
      const check = view.getFloat64(i * RECORD_BYTES + 8, true);
      const name = texts[view.getUint32(i * RECORD_BYTES + 16, true)];
      if (found !== n || check !== 3 * n + 1 || name !== `name ${n % 97}`) {
        throw new Error(`${trace}: record ${n} is ${found}, ${check}, ${name}`);
      }
    }
    next = chunk.first + chunk.count;
  }
  if (next < durable && !(next < 0 && durable === 0))
    throw new Error(`${trace}: ends at ${next}, durable was ${durable}`);
  return reader.cut !== undefined;
}

interface Said {
  /** -1 if it was killed before. */
  opened: number;
  durable: number;
  stderr: string;
}

function runAndKill(program: string, folder: string, seed: number, chance: Random): Promise<Said> {
  const child = spawn(process.execPath, [program, folder, String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Some while they start and recover; most while they write.
  const isEarly = chance() < 0.2;
  const delay = isEarly ? chance() * 400 : chance() ** 2 * 300;
  let stdout = '';
  let stderr = '';
  let timer: NodeJS.Timeout | undefined;
  const arm = () => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), delay);
  };
  if (isEarly) arm();
  child.stdout.on('data', (data) => {
    stdout += data;
    arm();
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    arm();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      const said: Said = { opened: -1, durable: 0, stderr };
      // The last line may be half said.
      for (const line of stdout.split('\n').slice(0, -1)) {
        const [what, sequence] = line.split(' ');
        if (what === 'opened') said.opened = Number(sequence);
        else if (what === 'durable') said.durable = Math.max(said.durable, Number(sequence));
      }
      resolve(said);
    });
  });
}
