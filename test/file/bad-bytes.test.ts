// Bytes that were changed, cut, moved or made up: an error that says where, or a cut at the tail; never another record.
import { describe, expect, it } from 'vitest';
import { FRAME_HEAD_BYTES, segmentName } from '../../src/file/descriptor.js';
import { FileProblem } from '../../src/file/problem.js';
import { append, FOLDER, openLog, range, readAll } from './log-kit.js';
import { type Random, randomOf, SimulatedDisk } from './simulated-disk.js';

const seed = Number(process.env['FILE_SEED'] ?? 1);
const rounds = Number(process.env['FILE_ROUNDS'] ?? 400);
const path = (first: number) => `${FOLDER}/${segmentName(first)}`;

/** A journal of three segments, all of it synced as it was written. */
async function written(close: boolean): Promise<{ files: SimulatedDisk; next: number; firsts: number[] }> {
  const files = new SimulatedDisk(randomOf(seed));
  const log = await openLog(files, { segmentBytes: 900 });
  for (let i = 0; i < 14; i++) {
    await append(log, 1 + (i % 5));
    await log.sync();
  }
  if (close) await log.close();
  const firsts = files.list(FOLDER).map((name) => Number(name.slice(0, 16)));
  expect(firsts).toHaveLength(3);
  return { files: files.killed(), next: log.next, firsts };
}

const intact = await written(false);

/** Opens and reads what has become of a journal: records in order from the first, or a problem. */
async function outcome(files: SimulatedDisk): Promise<{ next: number; cut: boolean } | FileProblem> {
  try {
    const before = readAll(files);
    const log = await openLog(files);
    await log.close();
    expect(readAll(files)).toEqual(range(log.first, log.next));
    expect(before).toEqual(range(log.first, log.next));
    return { next: log.next, cut: log.cut !== undefined };
  } catch (error) {
    if (error instanceof FileProblem) return error;
    throw error;
  }
}

async function copyOf(files: SimulatedDisk, firsts: readonly number[]): Promise<SimulatedDisk> {
  const copy = new SimulatedDisk(randomOf(seed));
  for (const first of firsts) copy.replace(path(first), files.bytes(path(first)).slice());
  return copy;
}

describe(`a journal with bad bytes (seed ${seed})`, () => {
  it('is an error wherever a byte before the last frame changed, and a cut where it was the last frame', async () => {
    const { files, next, firsts } = intact;
    const outcomes = { damaged: 0, cut: 0 };
    for (const first of firsts) {
      const bytes = files.bytes(path(first));
      for (let at = 0; at < bytes.length; at++) {
        const copy = await copyOf(files, firsts);
        const changed = bytes.slice();
        changed[at] = (changed[at] as number) ^ (1 << (at % 8));
        copy.replace(path(first), changed);
        // Damage within earlier segments shows when they are read: opening looks at where they begin and end.
        const found = await outcome(copy);
        if (found instanceof FileProblem) {
          expect(['FILE_DAMAGED', 'FILE_FORMAT', 'FILE_LAYOUT']).toContain(found.code);
          outcomes.damaged++;
        } else {
          expect(found.cut).toBe(true);
          expect(found.next).toBeLessThan(next);
          expect(first).toBe(firsts.at(-1));
          outcomes.cut++;
        }
      }
    }
    // The last frame, and nothing else, could have been torn.
    expect(outcomes.cut).toBe(FRAME_HEAD_BYTES + 5 * 16 - 16);
    expect(outcomes.damaged).toBeGreaterThan(1_500);
  });

  it('is an error wherever a byte changed if it had been closed, but for the closing mark', async () => {
    const { files, next, firsts } = await written(true);
    const last = firsts.at(-1) as number;
    const bytes = files.bytes(path(last));
    for (let at = 0; at < bytes.length; at++) {
      const copy = await copyOf(files, firsts);
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 0x10;
      copy.replace(path(last), changed);
      const found = await outcome(copy);
      if (at < bytes.length - FRAME_HEAD_BYTES) expect(found).toBeInstanceOf(FileProblem);
      else expect(found).toEqual({ next, cut: true });
    }
  });

  it('ends with its last whole frame, wherever the last segment was cut off', async () => {
    const { files, firsts } = intact;
    const last = firsts.at(-1) as number;
    const bytes = files.bytes(path(last));
    let before = -1;
    for (let size = 0; size < bytes.length; size++) {
      const copy = await copyOf(files, firsts);
      copy.replace(path(last), bytes.slice(0, size));
      const found = await outcome(copy);
      expect(found).not.toBeInstanceOf(FileProblem);
      const { next } = found as { next: number };
      expect(next).toBeGreaterThanOrEqual(Math.max(before, last));
      before = next;
    }
  });

  it('is an error if a segment is missing, or in the place of another', async () => {
    const { files, firsts } = intact;
    const [a, b, c] = firsts as [number, number, number];
    expect(await outcome(await copyOf(files, [a, c]))).toMatchObject({ code: 'FILE_DAMAGED' });
    // Without the oldest it is what retention leaves.
    expect(await outcome(await copyOf(files, [b, c]))).toMatchObject({ next: intact.next });
    for (const [from, to] of [
      [a, b],
      [b, a],
      [c, b],
      [b, c],
    ] as const) {
      const copy = await copyOf(files, firsts);
      copy.replace(path(to), files.bytes(path(from)).slice());
      expect(await outcome(copy)).toMatchObject({ code: 'FILE_DAMAGED' });
    }
  });

  it('never gives a wrong record, whatever was done to it', async () => {
    const chance = randomOf(seed);
    const counts = { problems: 0, cuts: 0, whole: 0 };
    for (let round = 0; round < rounds; round++) {
      const { files, firsts } = intact;
      const copy = await copyOf(files, firsts);
      for (let i = 0; i <= chance() * 3; i++) {
        const first = firsts[Math.floor(chance() * firsts.length)] as number;
        copy.replace(path(first), mangled(copy.bytes(path(first)), chance));
      }
      const found = await outcome(copy);
      if (found instanceof FileProblem) counts.problems++;
      else if (found.cut) counts.cuts++;
      else counts.whole++;
    }
    expect(counts.problems).toBeGreaterThan(rounds / 4);
    expect(counts.cuts).toBeGreaterThan(rounds / 100);
  });

  it('is nothing but an error if its files hold anything at all', async () => {
    const chance = randomOf(seed);
    for (let round = 0; round < rounds; round++) {
      const copy = new SimulatedDisk(chance);
      const bytes = new Uint8Array(Math.floor(chance() * 500));
      for (let i = 0; i < bytes.length; i++) bytes[i] = chance() < 0.3 ? 0 : chance() * 256;
      // With a good beginning, lengths and counts are looked at as well.
      const good = intact.files.bytes(path(0));
      if (chance() < 0.7) bytes.set(good.subarray(0, Math.min(bytes.length, Math.floor(chance() * 300))));
      copy.replace(path(0), bytes);
      const found = await outcome(copy);
      if (!(found instanceof FileProblem)) expect(found.next).toBeLessThanOrEqual(15);
    }
  });
});

/** Some bytes with bits flipped, a stretch zeroed, repeated, removed or moved. */
function mangled(bytes: Uint8Array, chance: Random): Uint8Array {
  const at = Math.floor(chance() * bytes.length);
  const length = Math.floor(chance() * Math.min(200, bytes.length - at));
  const part = bytes.slice(at, at + length);
  const before = bytes.slice(0, at);
  const after = bytes.slice(at + length);
  const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((p) => [...p]));
  switch (Math.floor(chance() * 6)) {
    case 0:
      part.forEach((byte, i) => {
        if (chance() < 0.1) part[i] = byte ^ (1 << (i % 8));
      });
      return joined(before, part, after);
    case 1:
      return joined(before, part.fill(0), after);
    case 2:
      return joined(before, part, part, after);
    case 3:
      return joined(before, after);
    case 4:
      return joined(before, part.reverse(), after);
    default:
      return joined(before, part);
  }
}
