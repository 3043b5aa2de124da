// Records that are being written in place: claimed in a source's journal, and visible to nobody before they are published.
//
// The one that lies in the journal is the last that was claimed. Before another is taken, or what lies before it is
// published, it is set aside, into a region of its own; its place in the journal is then found when it is published. So
// readers never see a record half written, and no record waits for one that nobody finishes.
import type { JournalWriter } from '../journal/index.js';
import { type Arena, RegionKind } from '../memory/index.js';
import type { Codec, WriterView } from '../schema/index.js';

/** A record that is being written. */
export interface OpenRecord<T> {
  readonly view: WriterView<T>;
}

export class OpenRecords<T> {
  private readonly arena: Arena;
  private readonly writer: JournalWriter;
  private readonly codec: Codec<T>;
  /** The one in the journal. */
  private current: OpenRecord<T> | undefined;
  /** The others, with their regions. */
  private readonly aside = new Map<OpenRecord<T>, number>();

  constructor(arena: Arena, writer: JournalWriter, codec: Codec<T>) {
    this.arena = arena;
    this.writer = writer;
    this.codec = codec;
  }

  /** Whether the last slot that was claimed is being written. */
  get isOpen(): boolean {
    return this.current !== undefined;
  }

  /** Makes a slot, the last that was claimed, the next record to be written. */
  open(slot: number): OpenRecord<T> {
    this.codec.zero(slot);
    this.current = { view: new this.codec.WriterView(slot) };
    return this.current;
  }

  /** Whether it lies in the journal. */
  isInPlace(record: OpenRecord<T>): boolean {
    return record === this.current;
  }

  /** Gives its slot back, and keeps what has been written. */
  setAside(): void {
    const record = this.current;
    if (record === undefined) return;
    const { recordWords, name, address } = this.writer.journal;
    const use = { kind: RegionKind.RECORD, of: address };
    const region = this.arena.allocate(recordWords, `a record that is being written to ${name}`, use);
    this.codec.copy(region, record.view.$p);
    record.view.$p = region;
    this.writer.unclaim();
    this.current = undefined;
    this.aside.set(record, region);
  }

  /** It is written. If it was set aside it is copied to a slot, unless there is none (0). */
  close(record: OpenRecord<T>, slot: number): void {
    record.view.$p = -1;
    if (record === this.current) this.current = undefined;
    const region = this.aside.get(record);
    if (region === undefined) return;
    if (slot !== 0) this.codec.copy(slot, region);
    this.aside.delete(record);
    this.arena.free(region);
  }

  /** Drops all of them; who writes on gets an error. */
  clear(): void {
    if (this.current !== undefined) this.close(this.current, 0);
    for (const record of [...this.aside.keys()]) this.close(record, 0);
  }
}
