// The text table: the texts of `text` fields, each once, numbered in the order in which they came in.
//
//   line 0    cell 0: how many texts there are, '' included (atomic); cell 1: how many bytes they take
//   line 1 …  for each id two cells: the byte at which the text starts, and its length * 2 + (1 if two bytes a unit)
//   then      the texts: one byte for each UTF-16 unit where all are below 256, else two
//
// One thread owns the table and adds to it; any thread reads. Nothing that was written changes again. The owner stores
// the count (atomically) after the bytes and the entry of a text, and only then writes the text's id into a record. A
// reader takes entries below a count that it has loaded (atomically), so it finds them complete, whichever way the id
// came to it.
import { fail } from '../errors/index.js';
import { LINE_BYTES, LINE_CELLS, LINE_WORDS, type Memory } from '../memory/index.js';
import { describe } from './describe.js';
import type { Texts } from './texts.js';

/** How much a text table holds. */
export interface TextTableBounds {
  /** How many different texts it holds, '' not counted; from 1 to 2^30. */
  readonly maxTexts: number;
  /** How many bytes they may take: one for each character, two in texts with characters above 255; below 2^30. */
  readonly maxBytes: number;
}

/** Where a text table lies, and its bounds: can be posted to any thread. */
export interface TextTableHandle extends TextTableBounds {
  /** The word address of its region, on a line. */
  readonly address: number;
}

/** The words that the region of a table takes. */
export function textTableWords({ maxTexts, maxBytes }: TextTableBounds): number {
  return LINE_WORDS + (maxTexts + 1) + Math.ceil(maxBytes / 8);
}

/** A table in a zeroed region of {@link textTableWords}; this thread becomes its owner. */
export function createTextTable(memory: Memory, handle: TextTableHandle): TextTable {
  const table = new TextTable(memory, handle, true);
  memory.cells.store(memory.i32, table.countCell, 1);
  return table;
}

/** The table of another thread, to be read. */
export function openTextTable(memory: Memory, handle: TextTableHandle): TextTable {
  return new TextTable(memory, handle, false);
}

const MAX_CALL_UNITS = 4096;

/** A text table as one thread sees it. Strings are kept, so that each is made once. */
export class TextTable implements Texts {
  readonly handle: TextTableHandle;
  /** The 32-bit cell of the count. */
  readonly countCell: number;
  private readonly memory: Memory;
  private readonly entries: number;
  private readonly firstByte: number;
  private readonly strings: string[] = [''];
  private readonly ids = new Map<string, number>([['', 0]]);
  /** Ids below are known to be complete. */
  private known = 1;

  private bytes = 0;
  private readonly owns: boolean;

  constructor(memory: Memory, handle: TextTableHandle, owns: boolean) {
    this.memory = memory;
    this.owns = owns;
    this.handle = handle;
    this.countCell = handle.address * 2;
    this.entries = this.countCell + LINE_CELLS;
    this.firstByte = handle.address * 8 + LINE_BYTES + (handle.maxTexts + 1) * 8;
  }

  /** How many texts there are, '' included. */
  get size(): number {
    return this.memory.cells.load(this.memory.i32, this.countCell);
  }

  /** The text of an id; '' for one that has not been given out (a reader that is being lapped may see such). */
  string(id: number): string {
    return this.strings[id] ?? this.decode(id);
  }

  /**
   * The id of a text.
   *
   * @throws {TypeError} TEXT_UNKNOWN for a string that has not come in as a text, and for other values.
   */
  id(text: string): number {
    return this.ids.get(text) ?? this.find(text);
  }

  /** The id of a text, or -1 if this thread knows none. */
  idIfKnown(text: string): number {
    return this.ids.get(text) ?? -1;
  }

  /**
   * The id of a text, which gets one if it has none.
   *
   * @throws {RangeError} TEXT_TABLE_FULL if it is new and there is no room for it.
   * @throws {TypeError} TEXT_UNKNOWN if it is new and this thread doesn't own the table.
   */
  intern(text: string): number {
    return this.ids.get(text) ?? (this.owns ? this.add(text) : this.find(text));
  }

  private find(text: string): number {
    const size = this.size;
    for (let id = this.ids.size; id < size; id++) this.ids.set(this.string(id), id);
    const id = this.ids.get(text);
    if (id === undefined) throw fail('TEXT_UNKNOWN', { text: describe(text) });
    return id;
  }

  private decode(id: number): string {
    if (id >= this.known) this.known = this.size;
    if (!(id < this.known)) return '';
    // Ids below are decoded too: an array without holes.
    for (let next = this.strings.length; next <= id; next++) this.strings.push(this.read(next));
    return this.strings[id] as string;
  }

  private read(id: number): string {
    const { i32, u8, u16 } = this.memory;
    const start = this.firstByte + (i32[this.entries + 2 * id] as number);
    const packed = i32[this.entries + 2 * id + 1] as number;
    const length = packed >>> 1;
    const [units, first] = packed & 1 ? [u16, start / 2] : [u8, start];
    let text = '';
    for (let i = 0; i < length; i += MAX_CALL_UNITS) {
      const end = first + Math.min(length, i + MAX_CALL_UNITS);
      text += String.fromCharCode.apply(null, units.subarray(first + i, end) as unknown as number[]);
    }
    return text;
  }

  private add(text: string): number {
    const { i32, u8, u16, cells } = this.memory;
    const { maxTexts, maxBytes } = this.handle;
    const id = this.strings.length;
    if (id > maxTexts)
      throw fail('TEXT_TABLE_FULL', { what: 'texts', limit: maxTexts, text: describe(text) });
    const wide = hasWideUnits(text);
    const start = wide ? this.bytes + (this.bytes & 1) : this.bytes;
    const end = start + text.length * (wide ? 2 : 1);
    if (end > maxBytes)
      throw fail('TEXT_TABLE_FULL', { what: 'bytes', limit: maxBytes, text: describe(text) });
    const [units, first] = wide ? [u16, (this.firstByte + start) / 2] : [u8, this.firstByte + start];
    for (let i = 0; i < text.length; i++) units[first + i] = text.charCodeAt(i);
    i32[this.entries + 2 * id] = start;
    i32[this.entries + 2 * id + 1] = text.length * 2 + (wide ? 1 : 0);
    i32[this.countCell + 1] = end;
    this.bytes = end;
    cells.store(i32, this.countCell, id + 1);
    // A string of its own: `text` may be a slice that would keep a whole file alive.
    const own = this.read(id);
    this.strings.push(own);
    this.ids.set(own, id);
    return id;
  }
}

function hasWideUnits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return true;
  return false;
}
