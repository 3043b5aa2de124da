// The checker of keyed tables finds what is broken.
import { expect, it } from 'vitest';
import { BUCKET_HEADER, TABLE_DIRECTORY, TABLE_FREE } from '../../../src/operator/table-layout.js';
import { jsTable, type TestedTable } from './tables.js';

/** Cell indices of a table's parts. */
function partsOf(table: TestedTable) {
  const { i32 } = table.memory;
  const at = (cell: number): number => i32[cell] as number;
  const head = 2 * table.head;
  const directory = at(head + TABLE_DIRECTORY) >>> 2;
  const bucket = (at(directory) & ~127) >>> 2;
  const slots: number[] = [];
  for (let slot = 0; slot < 300; slot++) {
    if (at(bucket + BUCKET_HEADER + slot) !== 0) slots.push(bucket + BUCKET_HEADER + slot);
  }
  return { i32, at, head, directory, bucket, slots };
}
type Parts = ReturnType<typeof partsOf>;

const BREAKS: [what: string, damage: (parts: Parts) => void, complaint: RegExp][] = [
  [
    'a key that is not in the index',
    ({ i32, slots }) => (i32[slots[3] as number] = 0),
    /count|keys|ends before/,
  ],
  [
    'a key that is in it twice',
    ({ i32, at, slots }) => (i32[slots[3] as number] = at(slots[4] as number)),
    /two slots|hash|ends/,
  ],
  [
    'wrong bits of the hash',
    ({ i32, slots }) => (i32[slots[5] as number]! ^= 1 << 31),
    /bits of another hash/,
  ],
  ['a wrong number of keys', ({ i32, bucket }) => i32[bucket]!++, /counts/],
  ['a wrong depth', ({ i32, bucket }) => i32[bucket + 1]!++, /depth|another hash|does not lead/],
  ['a lost free entry', ({ i32, head }) => (i32[head + TABLE_FREE] = 0), /free entries/],
  ['a wrong count', ({ i32, head }) => i32[head]!++, /free entries|count/],
  [
    'a cell that leads elsewhere',
    ({ i32, at, directory }) => (i32[directory + 1] = at(directory)),
    /another hash|does not lead/,
  ],
];

it.each(BREAKS)('the checker of keyed tables complains of %s', (_, damage, complaint) => {
  const table = jsTable({ parts: ['i32'] });
  for (let n = 0; n < 2000; n++) if (table.find([n]) === 0) table.insert([n]);
  for (let n = 0; n < 10; n++) table.erase([n]);
  expect(table.check().count).toBe(1990);
  damage(partsOf(table));
  expect(() => table.check()).toThrowError(complaint);
});
