// The text table: each text once, any string, its bounds, and readers of other threads.
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { openMemory } from '../../src/memory/index.js';
import { openTextTable } from '../../src/schema/index.js';
import { ground, thrownBy } from './harness.js';

const STRINGS = [
  '',
  'a',
  'ab',
  'é',
  'ÿ',
  'Ā',
  '漢字',
  '😀',
  '\ud800',
  '\udc00x',
  '\0',
  'x'.repeat(10_000),
  'Ж'.repeat(9_999),
];

describe('a text table', () => {
  test('gives each text one id, in the order of their coming, and 0 to the empty one', () => {
    const { texts } = ground();
    expect(STRINGS.map((s) => texts.intern(s))).toEqual(STRINGS.map((_, i) => i));
    expect(STRINGS.map((s) => texts.intern(s))).toEqual(STRINGS.map((_, i) => i));
    expect(STRINGS.map((s) => texts.id(s))).toEqual(STRINGS.map((_, i) => i));
    expect(STRINGS.map((_, i) => texts.string(i))).toEqual(STRINGS);
    expect(texts.size).toBe(STRINGS.length);
  });

  test.each([true, false])('is read from elsewhere while it grows (shared: %s)', (shared) => {
    const { memory, texts } = ground(undefined, shared);
    const reader = openTextTable(openMemory(memory.wasm), texts.handle);
    texts.intern('one');
    expect(reader.string(1)).toBe('one');
    expect(reader.id('one')).toBe(1);
    expect(reader.string(2)).toBe('');
    expect(thrownBy(() => reader.id('two'))).toMatchObject({ code: 'TEXT_UNKNOWN' });
    texts.intern('two');
    expect(reader.id('two')).toBe(2);
    expect(reader.string(2)).toBe('two');
    texts.intern('three');
    expect(reader.string(3)).toBe('three');
    expect(reader.intern('three')).toBe(3);
    expect(thrownBy(() => reader.intern('four'))).toMatchObject({ code: 'TEXT_UNKNOWN' });
    expect(reader.string(0xffffffff)).toBe('');
  });

  test('refuses values that are no texts', () => {
    const { texts } = ground();
    expect(thrownBy(() => texts.id(5 as never)).message).toBe(
      'Cannot store 5: only texts that came in with records can be stored',
    );
  });

  test('that is full says which bound, and keeps what it holds', () => {
    const { texts } = ground({ maxTexts: 2, maxBytes: 1000 });
    texts.intern('a');
    texts.intern('b');
    const error = thrownBy(() => texts.intern('c'));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({
      code: 'TEXT_TABLE_FULL',
      message: 'Cannot intern "c": the text table holds 2 texts',
    });
    expect([texts.intern('a'), texts.intern('b'), texts.intern(''), texts.size]).toEqual([1, 2, 0, 3]);
  });

  test('counts bytes: one for each character, two where one is above 255', () => {
    const { texts } = ground({ maxTexts: 100, maxBytes: 9 });
    texts.intern('abc');
    expect(thrownBy(() => texts.intern('ЖЖЖ')).message).toBe(
      'Cannot intern "ЖЖЖ": the text table holds 9 bytes',
    );
    texts.intern('ЖЖ');
    texts.intern('d');
    expect(thrownBy(() => texts.intern('e'))).toMatchObject({ code: 'TEXT_TABLE_FULL' });
    expect([1, 2, 3].map((id) => texts.string(id))).toEqual(['abc', 'ЖЖ', 'd']);
  });

  test('stays within its region', () => {
    const bounds = { maxTexts: 3, maxBytes: 6 };
    const { memory, texts } = ground(bounds);
    const end = 16 + 16 + 4 + 1;
    memory.u32.fill(0xdeadbeef, 2 * end, 2 * end + 8);
    for (const s of ['ab', 'cd', 'ef']) texts.intern(s);
    expect(Array.from(memory.u32.subarray(2 * end, 2 * end + 8))).toEqual(Array(8).fill(0xdeadbeef));
  });

  test('shows its texts to another thread as soon as their ids come to it', async () => {
    const { memory, texts } = ground({ maxTexts: 5_000, maxBytes: 200_000 });
    // The reader knows only the layout: it looks at the count and then decodes every new text.
    const worker = new Worker(
      `const { workerData: { wasm, address, maxTexts }, parentPort } = require('node:worker_threads');
       const i32 = new Int32Array(wasm.buffer), u8 = new Uint8Array(wasm.buffer);
       const entries = address * 2 + 32, bytes = address * 8 + 128 + (maxTexts + 1) * 8;
       let seen = 1, bad = 0;
       while (seen <= 5000) {
         const count = Atomics.load(i32, address * 2);
         for (; seen < count; seen++) {
           const start = bytes + i32[entries + 2 * seen], length = i32[entries + 2 * seen + 1] >>> 1;
           if (String.fromCharCode(...u8.subarray(start, start + length)) !== 'text ' + seen) bad++;
         }
       }
       parentPort.postMessage(bad);`,
      { eval: true, workerData: { wasm: memory.wasm, ...texts.handle } },
    );
    const done = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    for (let i = 1; i <= 5_000; i++) expect(texts.intern(`text ${i}`)).toBe(i);
    expect(await done).toBe(0);
    await worker.terminate();
  });
});
