// A journal in files, as its one writer has it: appends frames to the last segment, syncs, begins segments, drops old ones.
//
// Whatever `durable` says lies on the disk: it moves only when a sync that began after the writes has ended. A segment is
// sealed and synced before the next one is made; that one's header and its name in the folder are synced before a frame
// is written to it. So only the last segment may ever be torn, and a torn header has no frames behind it. Segments are dropped
// one at a time, the oldest first, the folder synced after each, so that what is left has no gaps.
//
// The first refusal of the system is the last: after a failed write the file may end anywhere, after a failed sync nobody
// knows what is on the disk. The next opening finds out.
import { BlockWriter } from './block-writer.js';
import { copyTo } from './bytes.js';
import { FRAME_HEAD_BYTES, FrameKind, segmentName } from './descriptor.js';
import type { FileSystem, OpenFile } from './file-system.js';
import { FrameEncoder } from './frame.js';
import { encodeHeader, type RecordLayout } from './header.js';
import { attempt, attemptAsync, problem, refusalOf } from './problem.js';
import { type Cut, lookAt, type SegmentInfo } from './recovery.js';

/** What a journal in files keeps: segments that lie wholly beyond one of these bounds are dropped. */
export interface Retention {
  /** Most bytes of all segments together. */
  readonly bytes?: number;
  /** How long records are kept at least, in ms. */
  readonly ageMs?: number;
  /** How many records are kept at least. */
  readonly records?: number;
}

export interface LogOptions {
  /** Bytes after which a segment is complete. */
  readonly segmentBytes: number;
  readonly retention: Retention;
  /** The sequence of the first record of a journal that does not exist yet. */
  readonly start: number;
}

export class FileLog {
  readonly path: string;
  /** What was cut off when it was opened. */
  readonly cut: Cut | undefined;
  private readonly files: FileSystem;
  private readonly layout: RecordLayout;
  private readonly options: LogOptions;
  private readonly encoder: FrameEncoder;
  /** Where the system has it; frames are then in the file only once they are flushed. */
  private readonly blocks: BlockWriter | undefined;
  private readonly unlock: () => void;
  private readonly segments: SegmentInfo[];
  private nextSequence: number;
  private writtenSequence: number;
  private durableSequence: number;
  /** The last segment: its file, where the next frame goes, what it follows. */
  private file!: OpenFile;
  private name = '';
  private offset = 0;
  private headerBytes = 0;
  private crc = 0;
  private salt = 0;
  /** Texts of the last segment, by number. */
  private segmentTexts: string[] = [''];
  private syncing: Promise<void> | undefined;
  private failure: unknown;

  private constructor(
    files: FileSystem,
    path: string,
    layout: RecordLayout,
    options: LogOptions,
    unlock: () => void,
    found: ReturnType<typeof lookAt>,
  ) {
    this.files = files;
    this.path = path;
    this.layout = layout;
    this.options = options;
    this.unlock = unlock;
    this.cut = found.cut;
    this.segments = found.segments;
    this.encoder = new FrameEncoder(files.crc32);
    if (files.blocks !== undefined) {
      this.blocks = new BlockWriter(files.blocks, (error) => {
        this.failure ??= refusalOf('write', this.name, error);
      });
    }
    this.nextSequence = found.tail?.scan.sequence ?? options.start;
    this.writtenSequence = this.nextSequence;
    this.durableSequence = this.nextSequence;
  }

  /**
   * Opens a folder for writing, or makes it. What is torn is cut off.
   *
   * @throws {FileProblem} FILE_LOCKED, FILE_LAYOUT, FILE_FORMAT, FILE_DAMAGED, FILE_FAILED; then nothing was changed.
   */
  static async open(
    files: FileSystem,
    path: string,
    layout: RecordLayout,
    options: LogOptions,
  ): Promise<FileLog> {
    await attemptAsync('make', path, () => files.makeFolder(path));
    const lock = attempt('lock', path, () => files.lock(`${path}/lock`));
    if ('heldBy' in lock) throw problem('FILE_LOCKED', { path, pid: lock.heldBy });
    try {
      const found = lookAt(files, path, layout);
      const log = new FileLog(files, path, layout, options, lock.release, found);
      await log.begin(found);
      return log;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** The sequence of the oldest record that is kept. */
  get first(): number {
    return this.segments[0]?.first ?? this.nextSequence;
  }

  /** The sequence of the next record. */
  get next(): number {
    return this.nextSequence;
  }

  /** The sequence before which everything is with the system: it outlasts the end of the process. */
  get written(): number {
    return this.writtenSequence;
  }

  /** The sequence before which everything outlasts a loss of power. */
  get durable(): number {
    return this.durableSequence;
  }

  /** Bytes of all segments. */
  get bytes(): number {
    return this.segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get texts(): readonly string[] {
    return this.segmentTexts;
  }

  /**
   * Sees to it that a frame of so many bytes may follow: where the segment is complete, begins another.
   *
   * @returns Whether it has; texts are then numbered anew.
   * @throws {FileProblem} FILE_FAILED, from then on always.
   */
  async reserve(bytes: number): Promise<boolean> {
    this.check();
    const isEmpty = this.offset === this.headerBytes;
    if (isEmpty || this.offset + FRAME_HEAD_BYTES + bytes <= this.options.segmentBytes) return false;
    await this.failing(async () => {
      await this.syncing;
      this.write(FrameKind.SEAL, 0, []);
      await this.flushAll();
      await attemptAsync('sync', this.name, () => this.file.sync());
      this.durableSequence = this.nextSequence;
      this.file.close();
      await this.beginSegment();
      await this.retain();
    });
    return true;
  }

  /**
   * Appends records, of one batch. They are {@link written} at once, or after {@link flush}.
   *
   * @param parts Their bytes, one part behind the other.
   * @throws {FileProblem} FILE_FAILED, from then on always.
   */
  append(count: number, parts: readonly Uint8Array[]): void {
    this.check();
    this.failingNow(() => this.write(FrameKind.RECORDS, count, parts));
    this.nextSequence += count;
    if (this.blocks === undefined) this.writtenSequence = this.nextSequence;
  }

  /** Appends texts; they get the numbers after those of {@link texts}. */
  appendTexts(texts: readonly string[], payload: Uint8Array): void {
    this.check();
    this.failingNow(() => this.write(FrameKind.TEXTS, texts.length, [payload]));
    for (const text of texts) this.segmentTexts.push(text);
  }

  /**
   * Resolves once everything appended before the call is written.
   *
   * @throws {FileProblem} FILE_FAILED, from then on always.
   */
  async flush(): Promise<void> {
    this.check();
    await this.failing(() => this.flushAll());
  }

  /** Whether what is appended is only copied, to be written later. */
  get gathers(): boolean {
    return this.blocks !== undefined;
  }

  /** Whether a sync is under way. */
  get isSyncing(): boolean {
    return this.syncing !== undefined;
  }

  /**
   * Resolves once everything appended before the call is durable.
   *
   * @throws {FileProblem} FILE_FAILED, from then on always.
   */
  async sync(): Promise<void> {
    while (this.syncing !== undefined) await this.syncing;
    this.check();
    if (this.durableSequence === this.nextSequence) return;
    const { nextSequence } = this;
    const synced = this.failing(async () => {
      await this.flushAll();
      await attemptAsync('sync', this.name, () => this.file.sync());
    });
    const done = synced.then(() => {
      this.durableSequence = Math.max(this.durableSequence, nextSequence);
    });
    // Who waits for it is told of a failure by what it does next.
    this.syncing = done
      .catch(() => {})
      .finally(() => {
        this.syncing = undefined;
      });
    return done;
  }

  /** Drops segments that are too old by now. */
  async retain(): Promise<void> {
    this.check();
    await this.failing(async () => {
      while (this.isOldestDue()) {
        const [oldest] = this.segments as [SegmentInfo];
        const name = `${this.path}/${segmentName(oldest.first)}`;
        attempt('remove', name, () => this.files.remove(name));
        this.segments.shift();
        await attemptAsync('sync', this.path, () => this.files.syncFolder(this.path));
      }
    });
  }

  /** Makes all of it durable and gives the folder back. If it has failed, only the latter. */
  async close(): Promise<void> {
    try {
      await this.syncing;
      if (this.failure === undefined && this.durableSequence < this.nextSequence) await this.sync();
      if (this.failure === undefined && this.offset > this.headerBytes) {
        // With this mark nothing before it can ever be taken for a torn tail.
        this.write(FrameKind.MARK, 0, []);
        await this.flushAll();
        await attemptAsync('sync', this.name, () => this.file.sync());
      }
    } finally {
      await this.blocks?.settled();
      this.file.close();
      this.unlock();
    }
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  private async failing<R>(run: () => Promise<R>): Promise<R> {
    try {
      return await run();
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
  }

  private failingNow(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
  }

  /** Goes on where the journal ended. */
  private async begin({ tail, cut, unfinished }: ReturnType<typeof lookAt>): Promise<void> {
    const { files, path } = this;
    if (unfinished !== undefined) {
      attempt('remove', `${path}/${unfinished}`, () => files.remove(`${path}/${unfinished}`));
      await attemptAsync('sync', path, () => files.syncFolder(path));
    }
    if (tail === undefined) {
      await this.beginSegment();
      return;
    }
    const { header, scan } = tail;
    this.name = `${path}/${segmentName(header.first)}`;
    this.file = attempt('open', this.name, () => files.open(this.name, 'write'));
    this.offset = scan.offset;
    this.headerBytes = header.bytes;
    this.crc = scan.crc;
    this.salt = header.salt;
    this.segmentTexts = scan.texts;
    if (cut !== undefined) attempt('cut', this.name, () => this.file.truncate(cut.offset));
    // What is found may be in the system's memory only. It is written on after this, and what was cut is gone for good.
    await attemptAsync('sync', this.name, () => this.file.sync());
    await attemptAsync('sync', path, () => files.syncFolder(path));
    if (scan.sealed) {
      this.file.close();
      await this.beginSegment();
    } else attempt('read', this.name, () => this.blocks?.begin(this.file, this.offset));
    await this.retain();
  }

  private async beginSegment(): Promise<void> {
    const { files, path, nextSequence: first, crc: before } = this;
    const created = files.now();
    const salt = files.random();
    const { bytes, crc } = encodeHeader({ layout: this.layout, first, created, salt, before }, files.crc32);
    this.name = `${path}/${segmentName(first)}`;
    this.file = attempt('make', this.name, () => files.create(this.name));
    attempt('write', this.name, () => this.file.write([bytes], 0));
    await attemptAsync('sync', this.name, () => this.file.sync());
    await attemptAsync('sync', path, () => files.syncFolder(path));
    attempt('read', this.name, () => this.blocks?.begin(this.file, bytes.length));
    this.offset = bytes.length;
    this.headerBytes = bytes.length;
    this.crc = crc;
    this.salt = salt;
    this.segmentTexts = [''];
    this.segments.push({ first, bytes: bytes.length, time: created });
  }

  private write(kind: FrameKind, count: number, parts: readonly Uint8Array[]): void {
    const time = this.files.now();
    const payloadBytes = parts.reduce((sum, part) => sum + part.length, 0);
    const { nextSequence: first, durableSequence: durable, crc: before, salt } = this;
    const frame = { kind, first, count, payloadBytes, durable, time, before, salt };
    const { blocks, encoder } = this;
    const room = blocks?.room(FRAME_HEAD_BYTES + payloadBytes);
    // A copy is at hand when its checksum is worked out.
    const body = room === undefined ? parts : [copyTo(room.subarray(FRAME_HEAD_BYTES), parts)];
    const crc = encoder.fill(frame, body);
    const whole = [encoder.head, ...parts];
    try {
      attempt('write', this.name, () => {
        if (blocks === undefined) this.file.write(whole, this.offset);
        else if (room === undefined) blocks.writeThrough(whole);
        else {
          room.set(encoder.head);
          blocks.filledUp(room.length);
        }
      });
    } catch (error) {
      this.undo();
      throw error;
    }
    this.crc = crc;
    this.offset += FRAME_HEAD_BYTES + payloadBytes;
    const segment = this.segments.at(-1) as SegmentInfo;
    segment.bytes = this.offset;
    segment.time = time;
  }

  private async flushAll(): Promise<void> {
    const { nextSequence } = this;
    await attemptAsync('write', this.name, async () => this.blocks?.flush());
    this.writtenSequence = Math.max(this.writtenSequence, nextSequence);
  }

  /** Takes back what may have been written of a frame; what can't be taken back is found to be torn later. */
  private undo(): void {
    // What is gathered is not in the file yet; some of it may be on its way.
    if (this.blocks !== undefined) return;
    try {
      this.file.truncate(this.offset);
    } catch {
      // The error of the write is the one to tell.
    }
  }

  /** Whether the oldest segment may go: never the last one. */
  private isOldestDue(): boolean {
    const { segments, nextSequence } = this;
    const [oldest, second] = segments;
    if (oldest === undefined || second === undefined) return false;
    const { bytes, ageMs, records } = this.options.retention;
    return (
      (bytes !== undefined && this.bytes > bytes) ||
      (ageMs !== undefined && oldest.time < this.files.now() - ageMs) ||
      (records !== undefined && nextSequence - second.first >= records)
    );
  }
}
