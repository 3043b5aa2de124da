// Random structs and records: what is encoded is decoded, copied, compared, viewed and written alike.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCodec, type Struct } from '../../src/schema/index.js';
import { AT, bytesAt, ground, recordCode } from './harness.js';
import { RUNS, randomStruct, recordOf, withoutNegativeZeros } from './random-structs.js';

const site = ground({ maxTexts: 50_000, maxBytes: 100_000 });
const seed = RUNS.seed ?? Date.now() & 0x7fffffff;

beforeAll(() => console.log(`FC_SEED=${seed}`));

const structAndRecords = randomStruct().chain((struct) =>
  fc.tuple(fc.constant(struct), recordOf(struct), recordOf(struct)),
);

function plain(struct: Struct, record: unknown): unknown {
  return withoutNegativeZeros({ kind: 'struct', struct }, record);
}

function forAll(
  check: (struct: Struct, record: Record<string, unknown>, other: Record<string, unknown>) => void,
): void {
  fc.assert(
    fc.property(structAndRecords, ([struct, record, other]) => check(struct, record, other)),
    { ...RUNS, seed },
  );
}

describe('a random record', () => {
  test('is decoded as it was encoded, and nothing beyond it is written', () => {
    forAll((struct, record) => {
      const codec = createCodec(struct, site.memory, site.texts);
      const end = AT + struct.layout.words;
      site.memory.u32.fill(0xdeadbeef, 2 * AT - 2, 2 * end + 2);
      codec.encode(AT, record);
      expect(codec.decode(AT)).toEqual(plain(struct, record));
      expect([site.memory.u32[2 * AT - 1], site.memory.u32[2 * end]]).toEqual([0xdeadbeef, 0xdeadbeef]);
      expect(new codec.View(AT).toJSON()).toEqual(plain(struct, record));
    });
  });

  test('is copied bit by bit, and equal to its copy', () => {
    forAll((struct, record, other) => {
      const codec = createCodec(struct, site.memory, site.texts);
      const to = AT + struct.layout.words;
      codec.encode(AT, record);
      codec.encode(to, other);
      codec.copy(to, AT);
      expect(bytesAt(site, to, struct)).toEqual(bytesAt(site, AT, struct));
      expect(codec.same(AT, to)).toBe(true);
      codec.zero(to);
      expect(bytesAt(site, to, struct).every((byte) => byte === 0)).toBe(true);
    });
  });

  test('is equal to another exactly if their values are, whatever is in the padding', () => {
    forAll((struct, record, other) => {
      const codec = createCodec(struct, site.memory, site.texts);
      const to = AT + struct.layout.words;
      site.memory.u8.fill(0x55, 8 * AT, 8 * to);
      site.memory.u8.fill(0xaa, 8 * to, 8 * to + struct.layout.bytes);
      codec.encode(AT, record);
      codec.encode(to, other);
      const [a, b] = [plain(struct, record), plain(struct, other)];
      expect(codec.same(AT, to)).toBe(isEqual(a, b));
      codec.encode(to, record);
      expect(codec.same(AT, to)).toBe(true);
    });
  });

  test('is the same when a stage writes it, from an object or from a view', () => {
    forAll((struct, record) => {
      const codec = createCodec(struct, site.memory, site.texts);
      const code = recordCode(struct, site);
      const to = AT + struct.layout.words;
      codec.encode(AT, record);
      code.write(to, record);
      expect(codec.same(AT, to)).toBe(true);
      code.zero(to);
      code.write(to, new codec.View(AT));
      expect(codec.same(AT, to)).toBe(true);
      code.zero(to);
      code.write(to, new code.View(AT));
      expect(code.read(to)).toEqual(plain(struct, record));
    });
  });

  test('is the same when a writer assigns its fields, and read field by field', () => {
    forAll((struct, record) => {
      const codec = createCodec(struct, site.memory, site.texts);
      codec.zero(AT);
      const writer = new codec.WriterView(AT) as Record<string, unknown>;
      for (const { name } of struct.layout.fields) writer[name] = record[name];
      expect(codec.decode(AT)).toEqual(plain(struct, record));
      const view = new codec.View(AT) as Record<string, unknown>;
      const seen = struct.layout.fields.map(({ name, type }) => {
        const value = view[name];
        return [name, type.kind === 'scalar' ? value : (value as { toJSON(): unknown }).toJSON()];
      });
      expect(Object.fromEntries(seen)).toEqual(plain(struct, record));
    });
  });

  test('is encoded again from a view', () => {
    forAll((struct, record) => {
      const codec = createCodec(struct, site.memory, site.texts);
      const to = AT + struct.layout.words;
      codec.encode(AT, record);
      codec.encode(to, new codec.View(AT));
      expect(codec.same(AT, to)).toBe(true);
    });
  });

  test('is the same when it comes in columns', () => {
    forAll((struct, record, other) => {
      const codec = createCodec(struct, site.memory, site.texts);
      const rows = [record, other, record];
      const columns = columnsOf(struct, rows);
      const batch = codec.columns(columns as never);
      expect(batch.length).toBe(3);
      batch.write(AT, 0, 2);
      batch.write(AT + 2 * struct.layout.words, 2, 1);
      const read = rows.map((_, i) => codec.decode(AT + i * struct.layout.words));
      expect(read).toEqual(rows.map((row) => plain(struct, row)));
    });
  });
});

function columnsOf(struct: Struct, rows: Record<string, unknown>[]): Record<string, unknown> {
  const columns = struct.layout.fields.map(({ name, type }) => {
    const values = rows.map((row) => row[name]);
    return [
      name,
      type.kind === 'struct' ? columnsOf(type.struct, values as Record<string, unknown>[]) : values,
    ];
  });
  return Object.fromEntries(columns);
}

function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null) return Object.is(a, b);
  return Object.entries(a).every(([name, value]) => isEqual(value, (b as Record<string, unknown>)[name]));
}
