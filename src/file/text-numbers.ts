// Which number a text has in a segment, by the number that it has in the engine.
import type { Texts } from '../schema/index.js';
import { viewOf } from './bytes.js';

/** Replaces the numbers of texts in records on their way to a segment, and finds the texts that it does not have yet. */
export class TextNumbers {
  private readonly table: Pick<Texts, 'string'>;
  private readonly offsets: readonly number[];
  private readonly recordBytes: number;
  private byText = new Map<string, number>();
  /** By the engine's number; holes where it is not known. */
  private byId: number[] = [];

  /** @param offsets Where text fields lie in a record, in bytes. */
  constructor(table: Pick<Texts, 'string'>, offsets: readonly number[], recordBytes: number) {
    this.table = table;
    this.offsets = offsets;
    this.recordBytes = recordBytes;
  }

  /** Begins anew, with the texts that a segment has. */
  reset(texts: readonly string[]): void {
    this.byText = new Map(texts.map((text, number) => [text, number]));
    this.byId = [];
  }

  /** Replaces all numbers in some records; returns the texts that the segment has to be given before. */
  replace(records: Uint8Array): string[] {
    const view = viewOf(records);
    const added: string[] = [];
    for (let record = 0; record < records.length; record += this.recordBytes) {
      for (const offset of this.offsets) {
        const id = view.getUint32(record + offset, true);
        const number = this.byId[id] ?? this.find(id, added);
        view.setUint32(record + offset, number, true);
      }
    }
    return added;
  }

  private find(id: number, added: string[]): number {
    const text = this.table.string(id);
    let number = this.byText.get(text);
    if (number === undefined) {
      number = this.byText.size;
      this.byText.set(text, number);
      added.push(text);
    }
    this.byId[id] = number;
    return number;
  }
}
