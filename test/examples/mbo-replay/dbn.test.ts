// The reader of DBN, on files made by hand in every version and on real ones.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mboColumns } from '../../../examples/mbo-replay/columns.js';
import { DbnDecoder, type DbnMetadata } from '../../../examples/mbo-replay/dbn.js';
import { readDbnFile, readDbnMetadata } from '../../../examples/mbo-replay/dbn-file.js';
import { dbnBytes, storedZstd } from './dbn-bytes.js';
import { hasSharedData, sharedFile } from './shared-data.js';

const records = [
  { ts: 1n, orderId: 2n ** 63n + 1n, price: -5n, size: 7, instrumentId: 11, action: 'A', side: 'B' },
  { ts: 2n ** 62n, orderId: 2n, price: 2n ** 63n - 1n, size: 0, instrumentId: 12, action: 'R', side: 'N' },
  {
    ts: 3n,
    orderId: 3n,
    price: 4_799_000_000_000n,
    size: 2 ** 32 - 1,
    instrumentId: 11,
    action: 'T',
    side: 'A',
  },
] as const;
const letters = records.map(({ action, side, ...rest }) => ({
  ...rest,
  action: action.charCodeAt(0),
  side: side.charCodeAt(0),
  tsRecv: 0n,
}));

/** All records, decoded from pieces of a length into columns of another. */
function decode(bytes: Uint8Array, piece = bytes.length, room = 16) {
  const decoder = new DbnDecoder();
  const found: unknown[] = [];
  const columns = mboColumns(room);
  const take = (length: number) => {
    for (let i = 0; i < length; i++) {
      found.push(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[i]])));
    }
  };
  for (let at = 0; at < bytes.length; at += piece) {
    decoder.push(bytes.subarray(at, at + piece));
    for (let length = room; length === room; ) {
      length = decoder.read(columns, 0);
      take(length);
    }
  }
  decoder.end();
  return { found, metadata: decoder.metadata as DbnMetadata };
}

describe('DbnDecoder', () => {
  it.each([1, 2, 3])('reads header and records of version %i', (version) => {
    const { found, metadata } = decode(dbnBytes({ version, records }));
    expect(found).toEqual(letters);
    expect(metadata.version).toBe(version);
    expect(metadata.dataset).toBe('TEST.DATA');
    expect([...metadata.symbols]).toEqual([
      [11, 'ABC'],
      [12, 'ABC'],
    ]);
  });

  it.each([1, 7, 55, 56, 57])('reads pieces of %i bytes, into columns that are soon full', (piece) => {
    expect(decode(dbnBytes({ version: 2, records }), piece, 1).found).toEqual(letters);
  });

  it('passes over records of other types, and reads those that are longer', () => {
    const bytes = dbnBytes({ version: 3, records, others: true, tsOut: true });
    expect(decode(bytes).found).toEqual(letters);
  });

  it('refuses what is no DBN, versions it does not know, and what ends too early', () => {
    const good = dbnBytes({ version: 1, records });
    const changed = (at: number, value: number) => {
      const bytes = Uint8Array.from(good);
      bytes[at] = value;
      return () => decode(bytes);
    };
    expect(changed(0, 65)).toThrow('Cannot read the file as DBN: it begins with "ABN"');
    expect(changed(3, 4)).toThrow('its version is 4, and 1 to 3 are known');
    expect(changed(7, 255)).toThrow('its header has');
    expect(changed(good.length - 56, 3)).toThrow('a record has 12 bytes');
    expect(() => decode(good.subarray(0, 60))).toThrow('it ends within its header');
    expect(() => decode(good.subarray(0, good.length - 1))).toThrow('it ends within a record');
  });

  it('reads any bytes without reading past them', () => {
    let seed = 1;
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    const good = dbnBytes({ version: 2, records });
    for (let round = 0; round < 2_000; round++) {
      const bytes = Uint8Array.from(good.subarray(0, 1 + Math.floor(random() * good.length)));
      for (let i = 0; i < 3; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      try {
        decode(bytes, 1 + Math.floor(random() * bytes.length));
      } catch (error) {
        expect((error as Error).message).toMatch(/^Cannot read the file as DBN: /);
      }
    }
  });
});

describe('readDbnFile()', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dbn-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (bytes: Uint8Array) => {
    const path = join(folder, 'file.dbn');
    await writeFile(path, bytes);
    return readAll(path);
  };

  it('reads a file, compressed or not, in several frames', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ ...records[0], orderId: BigInt(i) }));
    const plain = dbnBytes({ version: 1, records: many });
    const ids = many.map(({ orderId }) => orderId);
    expect((await read(plain)).ids).toEqual(ids);
    const frames = [plain.subarray(0, 100), plain.subarray(100)].map(storedZstd);
    expect((await read(Buffer.concat(frames))).ids).toEqual(ids);
  });

  it('refuses a compressed file that ends too early', async () => {
    const bytes = storedZstd(dbnBytes({ version: 1, records }));
    await expect(read(bytes.subarray(0, bytes.length - 3))).rejects.toThrow();
  });

  it('refuses an empty file', async () => {
    await expect(read(new Uint8Array(0))).rejects.toThrow('it ends within its header');
  });

  it.skipIf(!hasSharedData).each([
    ['test_data.mbo.v1.dbn.zst', 1],
    ['test_data.mbo.v2.dbn.zst', 2],
    ['test_data.mbo.dbn', 2],
    ['test_data.mbo.v3.dbn.zst', 3],
    ['test_data.mbo.v3.dbn', 3],
  ])('reads the real %s of version %i', async (name, version) => {
    const { ids, metadata } = await readAll(sharedFile(name));
    expect(metadata).toMatchObject({ version, dataset: 'GLBX.MDP3' });
    expect([...metadata.symbols]).toEqual([[5482, 'ESH1']]);
    expect(ids).toEqual([647_784_973_705n, 647_784_973_631n]);
  });
});

async function readAll(path: string) {
  const ids: bigint[] = [];
  for await (const batch of readDbnFile(path)) ids.push(...batch.orderId);
  return { ids, metadata: await readDbnMetadata(path) };
}
