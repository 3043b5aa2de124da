// Journals in files: order, segments, retention, re-opening, refusals, and disks that are full.
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../src/file/crc32.js';
import { segmentName } from '../../src/file/descriptor.js';
import { FileLog } from '../../src/file/log.js';
import { append, FOLDER, NUMBERED, OPTIONS, openLog, range, readAll } from './log-kit.js';
import { randomOf, SimulatedDisk } from './simulated-disk.js';

const disk = () => new SimulatedDisk(randomOf(1));

describe('crc32()', () => {
  it('is that of zlib, whatever the length and however it is cut', () => {
    expect(crc32(new TextEncoder().encode('123456789'), 0)).toBe(0xcbf43926);
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) & 255);
    for (let cut = 0; cut <= 100; cut++) {
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut), 0))).toBe(crc32(bytes, 0));
    }
  });
});

describe('a journal in files', () => {
  it('gives back what was appended, over many segments, from any record to any other', async () => {
    const files = disk();
    const log = await openLog(files);
    for (let i = 0; i < 50; i++) await append(log, 1 + (i % 13));
    await log.close();
    expect(log.durable).toBe(log.next);
    expect(files.list(FOLDER).length).toBeGreaterThan(3);
    expect(readAll(files)).toEqual(range(0, log.next));
    for (let from = 0; from <= log.next; from += 7) {
      expect(readAll(files, { from })).toEqual(range(from, log.next));
      expect(readAll(files, { from, to: from + 5 })).toEqual(range(from, Math.min(from + 5, log.next)));
    }
    expect(() => readAll(files, { from: log.next + 1 })).toThrow('FILE_RANGE');
  });

  it('goes on where it ended, whether or not it was closed', async () => {
    let files = disk();
    for (let round = 0; round < 20; round++) {
      const log = await openLog(files);
      expect(log.next).toBe(30 * round);
      expect(log.cut).toBeUndefined();
      for (let i = 0; i < 3; i++) await append(log, 10);
      if (round % 2 === 0) await log.close();
      else files = files.killed();
    }
    expect(readAll(files)).toEqual(range(0, 600));
  });

  it.each([2 ** 31, 2 ** 32, 2 ** 33, Number.MAX_SAFE_INTEGER - 40])('counts across %d', async (around) => {
    const files = disk();
    const log = await openLog(files, { start: around - 20, segmentBytes: 200 });
    for (let i = 0; i < 10; i++) await append(log, 4);
    await log.close();
    expect(readAll(files)).toEqual(range(around - 20, around + 20));
    expect((await openLog(files)).next).toBe(around + 20);
  });

  it('is durable only once a sync that began after the write has ended', async () => {
    const log = await openLog(disk());
    await append(log, 3);
    expect(log.durable).toBe(0);
    const first = log.sync();
    await append(log, 4);
    await first;
    expect(log.durable).toBe(3);
    await log.sync();
    expect(log.durable).toBe(7);
  });

  it.each([
    ['bytes', { bytes: 5_000 }],
    ['records', { records: 200 }],
    ['age', { ageMs: 60 }],
  ])('drops whole segments, the oldest first, by %s', async (_, retention) => {
    const files = disk();
    const log = await openLog(files, { segmentBytes: 1_000, retention });
    for (let i = 0; i < 60; i++) await append(log, 10);
    expect(log.first).toBeGreaterThan(0);
    expect(readAll(files)).toEqual(range(log.first, 600));
    if ('records' in retention) expect(log.next - log.first).toBeGreaterThanOrEqual(200);
    if ('bytes' in retention) expect(log.bytes).toBeLessThanOrEqual(6_000);
    await log.close();
    const again = await openLog(files, { retention });
    expect(again.first).toBeGreaterThanOrEqual(log.first);
    expect(() => readAll(files, { from: 0 })).toThrow('FILE_RANGE');
  });

  it('refuses another layout, naming both, and changes nothing', async () => {
    const files = disk();
    const log = await openLog(files);
    await append(log, 3);
    await log.close();
    const before = files.bytes(`${FOLDER}/${segmentName(0)}`);
    const other = { ...NUMBERED, name: 'Other', fingerprint: '{"a":f64,"c":f64}' };
    await expect(FileLog.open(files, FOLDER, other, OPTIONS)).rejects.toMatchObject({
      code: 'FILE_LAYOUT',
      params: { found: 'Numbered {"a":f64,"b":f64}', asked: 'Other {"a":f64,"c":f64}' },
    });
    expect(files.bytes(`${FOLDER}/${segmentName(0)}`)).toBe(before);
    expect((await openLog(files)).next).toBe(3);
  });

  it('is open for one writer at a time', async () => {
    const files = disk();
    const log = await openLog(files);
    await expect(openLog(files)).rejects.toMatchObject({ code: 'FILE_LOCKED', params: { pid: 42 } });
    await log.close();
    await (await openLog(files)).close();
  });

  it('fails for good when the disk is full, wherever that is, and goes on later with all that was taken', async () => {
    for (let room = 0; room < 3_000; room += 61) {
      const files = disk();
      const first = await openLog(files);
      await append(first, 5);
      await first.close();
      files.room = room;
      let durable = 5;
      let taken = 5;
      try {
        const log = await openLog(files);
        try {
          for (let i = 0; i < 40; i++) {
            await append(log, 3);
            taken = log.next;
            await log.sync();
            durable = log.durable;
          }
        } finally {
          await expect(append(log, 1)).rejects.toThrow('FILE_FAILED');
          await log.close();
        }
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: 'FILE_FAILED', cause: { code: 'ENOSPC' } });
      }
      files.room = Number.POSITIVE_INFINITY;
      const log = await openLog(files);
      expect(log.next).toBeGreaterThanOrEqual(durable);
      expect(log.next).toBe(taken);
      await append(log, 2);
      await log.close();
      expect(readAll(files)).toEqual(range(0, taken + 2));
    }
  });

  it('fails for good when a sync fails, and says of nothing that it is durable', async () => {
    const files = disk();
    const log = await openLog(files);
    await append(log, 3);
    files.failSyncs = true;
    await expect(log.sync()).rejects.toMatchObject({ code: 'FILE_FAILED', cause: { code: 'EIO' } });
    files.failSyncs = false;
    await expect(log.sync()).rejects.toMatchObject({ code: 'FILE_FAILED' });
    expect(log.durable).toBe(0);
  });
});
