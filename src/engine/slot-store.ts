// A slot store as users' values: encodes what is written, decodes what was copied. For any thread, free of RxJS.
import { fail } from '../errors/index.js';
import {
  claimSlots,
  openSlots,
  releaseSlots,
  SlotReader,
  type Slots,
  type SlotsShape,
  SlotWatch,
  SlotWriter,
} from '../journal/index.js';
import { createMemory, type Memory, openMemory } from '../memory/index.js';
import { platform } from '../runtime/platform/index.js';
import {
  type Codec,
  createCodec,
  decodeKey,
  describe as describeKey,
  encodeKey,
  openTextTable,
  type Struct,
  type Texts,
  type TextTableHandle,
} from '../schema/index.js';

/** A slot store for another thread: a plain value that can be posted, unless the engine is inline. */
export interface SlotsHandle<K = unknown, T = unknown> {
  readonly kind: 'slots-handle';
  readonly memory: WebAssembly.Memory;
  readonly texts: TextTableHandle;
  readonly shape: SlotsShape;
  readonly struct: Struct<T>;
  /** Only a type. */
  readonly '~key'?: () => K;
}

/** Who is told of changes. */
export type SlotListener<K, T> = (key: K, value: T) => void;

/** Words before the copy of a record, for keys. */
const KEY_WORDS = 32;
/** A key and the longest record. */
const SCRATCH_BYTES = 2 * 1024 * 1024;
/** Changes that are told before the event loop has its turn. */
const SLICE = 1_024;

/** Memory of this thread for keys and copies: used within a call, which calls nobody. */
let scratch: Memory | undefined;

export class SlotStore<K = unknown, T = unknown> {
  readonly slots: Slots;
  readonly struct: Struct<T>;
  readonly handle: SlotsHandle<K, T>;
  private readonly texts: Texts;
  /** Texts of keys that are written get an id. */
  private readonly interning: Pick<Texts, 'id'>;
  private readonly scratch: Memory;
  /** Encodes in place. */
  private encoder: Codec<T> | undefined;
  /** Decodes copies. */
  private readonly decoder: Codec<T>;
  private readonly reader: SlotReader;
  private writer: SlotWriter | undefined;
  /** Who else writes, as far as this thread knows. */
  private writtenBy: string | undefined;

  constructor(
    memory: Memory,
    texts: Texts & { readonly handle: TextTableHandle },
    shape: SlotsShape,
    struct: Struct<T>,
  ) {
    scratch ??= createMemory(SCRATCH_BYTES, false);
    this.scratch = scratch;
    this.slots = openSlots(memory, shape);
    this.struct = struct;
    this.texts = texts;
    this.interning = { id: (text) => texts.intern(text) };
    this.handle = { kind: 'slots-handle', memory: memory.wasm, texts: texts.handle, shape, struct };
    this.decoder = createCodec(struct, scratch, texts);
    this.reader = new SlotReader(this.slots);
  }

  get size(): number {
    return this.reader.size;
  }

  set(key: K, record: T): void {
    const { slots } = this;
    this.writer ??= this.claimWriter();
    this.encoder ??= createCodec(this.struct, slots.memory, this.texts);
    const slot = this.slotToWrite(this.writer, key);
    // On a refusal nothing is published, and a new key is not shown.
    this.encoder.encode(this.writer.next(slot), record);
    this.writer.publish(slot);
  }

  get(key: K): T | undefined {
    const slot = this.slotToRead(key);
    return slot < 0 ? undefined : this.read(slot);
  }

  snapshot(): Map<K, T> {
    const all = new Map<K, T>();
    for (let slot = 0; slot < this.size; slot++) {
      const value = this.read(slot);
      if (value !== undefined) all.set(this.keyOf(slot), value);
    }
    return all;
  }

  /**
   * Tells of every slot that has changed, with its latest value: what was overwritten meanwhile is left out.
   *
   * @returns How to stop it.
   */
  listen(listener: SlotListener<K, T>, fromStart: boolean): () => void {
    const watch = new SlotWatch(this.reader, fromStart);
    let stopped = false;
    void this.follow(watch, listener, () => stopped);
    return () => {
      stopped = true;
      watch.close();
    };
  }

  /** Takes the store for a writer that runs elsewhere. */
  claim(by: string): void {
    if (!claimSlots(this.slots)) throw this.isWritten();
    this.writtenBy = by;
  }

  /** Lets another write. */
  release(): void {
    this.writer = undefined;
    this.writtenBy = undefined;
    releaseSlots(this.slots);
  }

  /** As {@link release}, for who has written by hand; does nothing where somebody else writes. */
  releaseOwn(): void {
    if (this.writer !== undefined) this.release();
  }

  private async follow(watch: SlotWatch, tell: SlotListener<K, T>, isStopped: () => boolean): Promise<void> {
    while (!isStopped()) {
      const changed: number[] = [];
      watch.look((slot) => changed.push(slot));
      for (const [i, slot] of changed.entries()) {
        if (i > 0 && i % SLICE === 0) await nextTurn();
        if (isStopped()) return;
        const value = this.read(slot);
        if (value !== undefined) tell(this.keyOf(slot), value);
      }
      if (changed.length > 0) await nextTurn();
      await watch.sleep();
    }
  }

  private read(slot: number): T | undefined {
    const version = this.reader.copy(slot, this.scratch.i32, 2 * KEY_WORDS);
    return version === 0 ? undefined : this.decoder.decode(KEY_WORDS);
  }

  private keyOf(slot: number): K {
    const { key, memory } = this.slots;
    return (key === undefined ? slot : decodeKey(key, memory, this.reader.keyOf(slot), this.texts)) as K;
  }

  private slotToRead(key: K): number {
    const types = this.slots.key;
    if (types === undefined) return this.indexOf(key);
    const fit = encodeKey(types, key, this.scratch, 0, this.texts);
    if (fit === 'wrong') throw this.wrongKey(key);
    return fit === 'unknown' ? -1 : this.reader.find(this.scratch.i32, 0);
  }

  private slotToWrite(writer: SlotWriter, key: K): number {
    const types = this.slots.key;
    if (types === undefined) return this.indexOf(key);
    if (encodeKey(types, key, this.scratch, 0, this.interning) !== 'fits') throw this.wrongKey(key);
    return writer.slotOf(this.scratch.i32, 0);
  }

  private indexOf(index: unknown): number {
    if (typeof index !== 'number') throw this.wrongKey(index);
    const { name, capacity } = this.slots;
    if (Number.isInteger(index) && index >= 0 && index < capacity) return index;
    throw fail('SLOT_RANGE', { store: name, index, capacity });
  }

  private claimWriter(): SlotWriter {
    if (!claimSlots(this.slots)) throw this.isWritten();
    return new SlotWriter(this.slots);
  }

  private isWritten(): Error {
    const by = this.writtenBy ?? (this.writer === undefined ? 'another' : 'the code that calls set()');
    return fail('SLOTS_WRITTEN', { store: this.slots.name, by });
  }

  private wrongKey(key: unknown): Error {
    const { name, key: types } = this.slots;
    const listed = types?.types.join(', ');
    const takes = listed === undefined ? 'an index' : types?.tuple ? `a tuple of ${listed}` : listed;
    return fail('SLOT_KEY', { store: name, takes, found: describeKey(key) });
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    platform().nextTurn(resolve);
  });
}

/** Opens a slot store in this thread, which got its handle from another. */
export function openSlotStore<K, T>(handle: SlotsHandle<K, T>): SlotStore<K, T> {
  if ((handle as SlotsHandle<K, T> | null | undefined)?.kind !== 'slots-handle')
    throw fail('HANDLE', { what: 'a slot store', found: describeKey(handle) });
  const memory = openMemory(handle.memory);
  return new SlotStore<K, T>(memory, openTextTable(memory, handle.texts), handle.shape, handle.struct);
}
