// Large blocks past the system's cache: the file is what was appended, byte for byte, whatever is written when.
import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BlockWriter } from '../../src/file/block-writer.js';
import { copyTo } from '../../src/file/bytes.js';
import type { Blocks, FileSystem } from '../../src/file/file-system.js';
import { FileLog } from '../../src/file/log.js';
import { nodeFiles } from '../../src/runtime/platform/node-files.js';
import { append, FOLDER, NUMBERED, OPTIONS, openLog, range, readAll } from './log-kit.js';
import { randomOf, SimulatedDisk } from './simulated-disk.js';

const seed = Number(process.env['FILE_SEED'] ?? 1);
const same = (bytes: Uint8Array, numbers: number[]) => Buffer.compare(bytes, Uint8Array.from(numbers)) === 0;
const blockDisk = (chance = randomOf(seed)) => new SimulatedDisk(chance, true);

it(`writes what was appended, and has written it after a flush (seed ${seed})`, async () => {
  const ways = { through: 0, gathered: 0 };
  for (let round = 0; round < 100; round++) {
    const trace = `seed ${seed}, round ${round}`;
    const chance = randomOf(seed + 1_000_003 * round);
    const disk = blockDisk(chance);
    const file = disk.create('file');
    const expected: number[] = Array.from({ length: chance() * 200 }, () => chance() * 256);
    file.write([Uint8Array.from(expected)], 0);
    const writer = new BlockWriter(disk.blocks as Blocks, (error) => expect.unreachable(String(error)));
    writer.begin(file, expected.length);
    let next = 0;
    const flushes: Promise<void>[] = [];
    for (let i = 0; i < 40; i++) {
      // A part of them does not fit into what is gathered.
      const parts = [1, 2].map(() => Uint8Array.from({ length: chance() ** 4 * 1_500 }, () => next++ & 255));
      const room = writer.room(parts.reduce((sum, { length }) => sum + length, 0));
      if (room === undefined) writer.writeThrough(parts);
      else {
        copyTo(room, parts);
        writer.filledUp(room.length);
      }
      ways[room === undefined ? 'through' : 'gathered']++;
      for (const part of parts) expected.push(...part);
      const until = expected.length;
      const mood = chance();
      if (mood < 0.3) await Promise.resolve();
      else if (mood < 0.5) {
        const flushed = writer.flush().then(() => {
          expect(same(disk.bytes('file').subarray(0, until), expected.slice(0, until)), trace).toBe(true);
        });
        if (mood < 0.4) await flushed;
        else flushes.push(flushed);
      }
    }
    await Promise.all([...flushes, writer.flush()]);
    expect(writer.end, trace).toBe(expected.length);
    expect(same(disk.bytes('file'), expected), trace).toBe(true);
  }
  expect(ways.gathered).toBeGreaterThan(1_000);
  expect(ways.through).toBeGreaterThan(10);
});

it('says of records that they are written only once they are in the file', async () => {
  const files = blockDisk();
  const log = await openLog(files, { segmentBytes: 1e6 });
  let before = 0;
  for (let i = 0; i < 100; i++) {
    await append(log, 1 + (i % 40));
    const { written } = log;
    expect(readAll(files).length).toBeGreaterThanOrEqual(written);
    expect(written).toBeGreaterThanOrEqual(before);
    before = written;
    if (i % 7 === 0) {
      await log.flush();
      expect(log.written).toBe(log.next);
      expect(readAll(files)).toEqual(range(0, log.next));
    }
  }
  await log.close();
  expect(readAll(files)).toEqual(range(0, log.next));
});

it('fails for good when the disk is full, wherever that is, and goes on later with all that was durable', async () => {
  for (let room = 200; room < 6_000; room += 61) {
    const files = blockDisk();
    files.room = room;
    let durable = 0;
    const log = await openLog(files, { segmentBytes: 2_500 });
    const fill = async () => {
      for (;;) {
        await append(log, 1 + (room % 30));
        if (log.next % 3 === 0) await log.sync();
        durable = log.durable;
      }
    };
    await expect(fill(), `room ${room}`).rejects.toMatchObject({
      code: 'FILE_FAILED',
      cause: { code: 'ENOSPC' },
    });
    const taken = log.next;
    await expect(append(log, 1)).rejects.toThrow('FILE_FAILED');
    await log.close();
    files.room = Number.POSITIVE_INFINITY;
    const again = await openLog(files);
    expect(again.next).toBeGreaterThanOrEqual(durable);
    expect(again.next).toBeLessThanOrEqual(taken);
    await append(again, 2);
    await again.close();
    expect(readAll(files)).toEqual(range(0, again.next));
  }
});

it.each([
  ['past the cache, where there is a way', undefined],
  ['through it', 'blocks'],
] as const)('writes the same to a real disk %s', async (_, without) => {
  const folder = mkdtempSync(join(tmpdir(), 'blocks-'));
  const files = { ...(nodeFiles() as FileSystem), ...(without && { [without]: undefined }) } as FileSystem;
  try {
    const path = join(folder, FOLDER);
    const options = { ...OPTIONS, segmentBytes: 9e6 };
    for (let round = 0; round < 3; round++) {
      const log = await FileLog.open(files, path, NUMBERED, options);
      expect(log.cut).toBeUndefined();
      for (let i = 0; i < 60; i++) {
        await append(log, 1 + ((i * 7_919) % 20_000));
        if (i % 11 === 0) await log.sync();
        if (i % 13 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await log.close();
      expect(readAll(files, { from: 'start' }, path)).toEqual(range(0, log.next));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
