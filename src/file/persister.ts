// Carries the records of a journal in memory to its files: a reader that holds the writer back, in a worker of its own.
//
// It takes what is there in batches, straight from the journal's slots, and passes them once they are written, or are
// gathered to be written in large blocks. Nothing stays gathered for long: what is not followed by more is written after
// a moment. Syncs run beside the writing, by the policy. In cells of shared memory it publishes the sequences before which
// everything is written, and before which everything is durable, and rings the engine's bell.

import { type Journal, type JournalReader, PARK_MS, ring, sleepUntilRungAsync } from '../journal/index.js';
import { storeSequence } from '../journal/sequence.js';
import { type Memory, sleep } from '../memory/index.js';
import type { Texts } from '../schema/index.js';
import { joined } from './bytes.js';
import { MAX_PAYLOAD_BYTES } from './descriptor.js';
import type { RecordLayout } from './header.js';
import type { FileLog } from './log.js';
import { problem } from './problem.js';
import { TextNumbers } from './text-numbers.js';
import { encodeTexts } from './texts.js';

/** When written records are synced: after each batch, at the latest after a time, or only if somebody asks. */
export type SyncPolicy = 'batch' | 'never' | { readonly everyMs: number };

/** Offsets of the cells of a persister's line. */
export const PersisterCell = {
  /** The sequence before which everything is durable, written by the persister: three cells. */
  DURABLE: 0,
  /** Never written: for naps. */
  NAP: 4,
  /** The sequence before which everything is written, by the persister as well: three cells. */
  WRITTEN: 5,
} as const;

export interface PersisterParts {
  readonly log: FileLog;
  readonly layout: RecordLayout;
  readonly journal: Journal;
  readonly reader: JournalReader;
  readonly texts: Pick<Texts, 'string'>;
  /** Cell indices of its own bell, of the engine's, and of its line. */
  readonly bell: number;
  readonly engineBell: number;
  readonly line: number;
  readonly sync: SyncPolicy;
  /** Whether old segments have to be looked for while nothing is written. */
  readonly dropsByAge: boolean;
  /** Resolves on the next turn of the event loop. */
  readonly turn: () => Promise<void>;
}

/** Most bytes of a frame, so few that they are at hand while they are copied; a record that is longer goes alone. */
const BATCH_BYTES = 131_072;
/** How long it looks for more, in naps, before it sleeps by its bell: a writer that is busy need not wake it all the time. */
const LINGER_MS = 5;
const NAP_MS = 0.1;
/** How long it looks for more before it writes what fills no block. */
const SETTLE_MS = 0.3;
/** Between two looks at the age of segments. */
const AGE_LOOK_MS = 1_000;

export class Persister {
  private readonly parts: PersisterParts;
  private readonly memory: Memory;
  private readonly mostRecords: number;
  private readonly numbers: TextNumbers | undefined;
  private published = -1;
  private publishedWritten = -1;
  private isClosing = false;
  /** Somebody waits for this sequence to be durable. */
  private syncedUntil = 0;
  private hurries = false;
  private lastSync = performance.now();
  private lastWork = 0;
  private lastLook = performance.now();
  private failure: unknown;

  constructor(parts: PersisterParts) {
    this.parts = parts;
    const { journal, layout, log, texts } = parts;
    this.memory = journal.memory;
    // Of what is written in place only a part is held: the writer goes on with the rest meanwhile.
    const most = log.gathers ? journal.capacity : Math.ceil(journal.capacity / 4);
    this.mostRecords = Math.max(1, Math.min(Math.floor(BATCH_BYTES / layout.recordBytes), most));
    if (layout.texts.length > 0) {
      this.numbers = new TextNumbers(texts, layout.texts, layout.recordBytes);
      this.numbers.reset(log.texts);
    }
    this.publish();
  }

  /**
   * Syncs, whatever the policy, once everything before a sequence is written; for infinity, from now on whenever
   * something is written.
   */
  requestSync(until: number): void {
    if (until === Number.POSITIVE_INFINITY) this.hurries = true;
    else this.syncedUntil = Math.max(this.syncedUntil, until);
    ring(this.memory, this.parts.bell);
  }

  /** Ends once everything that has been published is written. */
  close(): void {
    this.isClosing = true;
    ring(this.memory, this.parts.bell);
  }

  /**
   * Works until it is closed; then everything is durable, and the folder is free.
   *
   * @throws {FileProblem} If the system refuses to write.
   */
  async run(): Promise<void> {
    const { reader, log, turn } = this.parts;
    try {
      for (;;) {
        if (this.failure !== undefined) throw this.failure;
        const count = Math.min(reader.available(), this.mostRecords);
        if (count > 0) {
          await this.take(count);
          this.lastWork = performance.now();
        } else if (this.isClosing) break;
        else if (log.written < log.next && performance.now() - this.lastWork >= SETTLE_MS) {
          await log.flush();
        }
        await this.syncByPolicy();
        if (count > 0) await turn();
        else await this.rest();
      }
    } catch (error) {
      await log.close().catch(() => {});
      throw error;
    }
    await log.close();
    this.publish();
  }

  private async take(count: number): Promise<void> {
    const { log, layout, reader } = this.parts;
    const parts = this.slotsOf(count);
    const begun = await log.reserve(count * layout.recordBytes);
    if (this.numbers === undefined) log.append(count, parts);
    else {
      if (begun) this.numbers.reset(log.texts);
      const copy = joined(parts);
      this.appendTexts(this.numbers.replace(copy));
      log.append(count, [copy]);
    }
    this.publish();
    reader.advance(count);
  }

  /** The bytes of the next records: one part, or two where the ring wraps. */
  private slotsOf(count: number): Uint8Array[] {
    const { journal, reader, layout } = this.parts;
    const { u8 } = this.memory;
    const start = reader.address(0) * 8;
    const end = (journal.slots + journal.capacity * journal.recordWords) * 8;
    const bytes = count * layout.recordBytes;
    const first = Math.min(bytes, end - start);
    const parts = [u8.subarray(start, start + first)];
    if (first < bytes) parts.push(u8.subarray(journal.slots * 8, journal.slots * 8 + bytes - first));
    return parts;
  }

  private appendTexts(texts: readonly string[]): void {
    const { log } = this.parts;
    let group: string[] = [];
    let units = 0;
    const append = () => {
      if (group.length === 0) return;
      const payload = encodeTexts(group);
      if (payload.length > MAX_PAYLOAD_BYTES) {
        const why = `a text of ${units} characters is longer than a frame of the file may be`;
        throw problem('FILE_FAILED', { action: 'write', path: log.path, why });
      }
      log.appendTexts(group, payload);
      group = [];
      units = 0;
    };
    for (const text of texts) {
      // A character takes 6 bytes at most, as an escape.
      if (units + text.length > MAX_PAYLOAD_BYTES / 8) append();
      group.push(text);
      units += text.length + 2;
    }
    append();
  }

  private async syncByPolicy(): Promise<void> {
    const { log, sync, dropsByAge } = this.parts;
    if (dropsByAge && performance.now() - this.lastLook >= AGE_LOOK_MS) {
      this.lastLook = performance.now();
      await log.retain();
    }
    this.publish();
    if (log.durable === log.next) return;
    if (sync === 'batch') {
      await log.sync();
      this.publish();
      return;
    }
    if (log.isSyncing) return;
    if (!this.isAsked && this.msUntilSync() > 0) return;
    this.lastSync = performance.now();
    log.sync().then(
      () => this.publish(),
      (error) => {
        this.failure = error;
        ring(this.memory, this.parts.bell);
      },
    );
  }

  /** Whether somebody waits for a sync that may begin now. */
  private get isAsked(): boolean {
    const { durable, next } = this.parts.log;
    return durable < next && (this.hurries || (this.syncedUntil > durable && this.syncedUntil <= next));
  }

  /** Until the next sync is due by the policy, if something is to be synced. */
  private msUntilSync(): number {
    const { sync } = this.parts;
    if (typeof sync === 'string') return Number.POSITIVE_INFINITY;
    return this.lastSync + sync.everyMs - performance.now();
  }

  private async rest(): Promise<void> {
    const { line, bell, reader, log, turn } = this.parts;
    if (performance.now() - this.lastWork < LINGER_MS) {
      sleep(this.memory.i32, line + PersisterCell.NAP, 0, NAP_MS);
      await turn();
      return;
    }
    const isReady = () =>
      reader.available() > 0 ||
      this.isClosing ||
      this.failure !== undefined ||
      (this.isAsked && !log.isSyncing);
    const isSynced = log.durable === log.next || log.isSyncing;
    const timeout = Math.min(PARK_MS, isSynced ? PARK_MS : Math.max(0, this.msUntilSync()));
    await sleepUntilRungAsync(this.memory, bell, isReady, timeout, () => false);
  }

  /** Tells everybody what is written, and what is durable. */
  private publish(): void {
    const { log, line, engineBell } = this.parts;
    const { written, durable } = log;
    if (written === this.publishedWritten && durable === this.published) return;
    storeSequence(this.memory, line + PersisterCell.WRITTEN, written, this.publishedWritten);
    storeSequence(this.memory, line + PersisterCell.DURABLE, durable, this.published);
    // Whoever waits for all of it to be written looks now.
    if (written === log.next || durable !== this.published) ring(this.memory, engineBell);
    this.publishedWritten = written;
    this.published = durable;
  }
}
