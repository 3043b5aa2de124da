// Reads a journal's records back from its segments, from a sequence on.
import { joined } from './bytes.js';
import { FrameKind, segmentName } from './descriptor.js';
import type { FileSystem, OpenFile } from './file-system.js';
import type { RecordLayout } from './header.js';
import { attempt, problem } from './problem.js';
import { type Cut, damage, headerOf, judge, segmentsOf } from './recovery.js';
import { SegmentScanner } from './scanner.js';

/** Bytes of records after which a chunk is complete. */
const CHUNK_BYTES = 262_144;

/** Records that follow each other, all of one segment. */
export interface Chunk {
  /** The sequence of the first of them. */
  readonly first: number;
  readonly count: number;
  /** One behind the other; text fields hold numbers of texts of their segment. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** When they were written: pairs of an index among them, and ms since 1970, for it and those after it. */
  readonly times: readonly number[];
  /** All texts of the segment so far that were not in a chunk before, and whether a segment begins. */
  readonly texts: readonly string[];
  readonly isNewSegment: boolean;
}

/** Which records are read. */
export interface ReadRange {
  readonly from: 'start' | number;
  /** The sequence to stop before; the journal's end unless told. */
  readonly to?: number;
}

export class LogReader {
  /** What the end of the journal looks like, once it was read. It is not cut off. */
  cut: Cut | undefined;
  private readonly files: FileSystem;
  private readonly path: string;
  private readonly layout: RecordLayout;
  private readonly firsts: readonly number[];
  private readonly from: number;
  private readonly to: number;
  private segment: number;
  private open: { readonly file: OpenFile; readonly size: number; readonly scan: SegmentScanner } | undefined;
  private isDone = false;
  /** The checksum of the seal of the segment before; -1 if none was read. */
  private seal = -1;
  private textsSent = 0;

  /**
   * @throws {FileProblem} FILE_RANGE for records that are not there; FILE_FAILED if the folder can't be read.
   */
  constructor(files: FileSystem, path: string, layout: RecordLayout, { from, to }: ReadRange) {
    this.files = files;
    this.path = path;
    this.layout = layout;
    this.firsts = segmentsOf(files, path).firsts;
    const first = this.firsts[0] ?? 0;
    this.from = from === 'start' ? first : from;
    this.to = to ?? Number.POSITIVE_INFINITY;
    if (this.from < first) throw this.outOfRange(this.to === Number.POSITIVE_INFINITY ? first : this.to);
    this.segment = this.firsts.findLastIndex((begin) => begin <= this.from);
    this.isDone = this.firsts.length === 0 || this.from >= this.to;
  }

  /**
   * The next records; undefined at the end.
   *
   * @throws {FileProblem} FILE_DAMAGED, FILE_LAYOUT, FILE_FORMAT, FILE_FAILED; FILE_RANGE if the journal ends before `from`.
   */
  next(): Chunk | undefined {
    while (!this.isDone) {
      this.open ??= this.openSegment();
      const chunk = this.read(this.open.scan);
      if (chunk !== undefined) return chunk;
      if (!this.isDone) this.endSegment();
    }
    this.close();
    return undefined;
  }

  close(): void {
    this.isDone = true;
    this.open?.file.close();
    this.open = undefined;
  }

  private openSegment(): NonNullable<typeof this.open> {
    const first = this.firsts[this.segment] as number;
    const header = headerOf(this.files, this.path, first, this.layout);
    if (this.seal >= 0 && header.before !== this.seal) {
      throw damage(this.path, first, 0, first, 'it does not follow the segment before it');
    }
    const path = `${this.path}/${segmentName(first)}`;
    const file = attempt('open', path, () => this.files.open(path, 'read'));
    const size = attempt('read', path, () => file.size());
    this.textsSent = 0;
    return { file, size, scan: new SegmentScanner(file, path, header, this.files.crc32, size) };
  }

  /** The records of some frames. */
  private read(scan: SegmentScanner): Chunk | undefined {
    const { recordBytes } = this.layout;
    const parts: Uint8Array[] = [];
    const times: number[] = [];
    let first = -1;
    let count = 0;
    while (count * recordBytes < CHUNK_BYTES) {
      const frame = scan.next();
      if (frame === undefined) break;
      if (frame.kind !== FrameKind.RECORDS) continue;
      const skipped = Math.max(0, this.from - frame.first);
      const taken = Math.min(frame.count, this.to - frame.first) - skipped;
      if (taken > 0) {
        if (first < 0) first = frame.first + skipped;
        times.push(count, frame.time);
        // The scanner uses its buffer again.
        parts.push(frame.payload.slice(skipped * recordBytes, (skipped + taken) * recordBytes));
        count += taken;
      }
      if (frame.first + frame.count >= this.to) {
        this.isDone = true;
        break;
      }
    }
    if (count === 0) return undefined;
    const isNewSegment = this.textsSent === 0;
    const texts = scan.texts.slice(this.textsSent);
    this.textsSent = scan.texts.length;
    return { first, count, bytes: joined(parts), times, texts, isNewSegment };
  }

  /** All frames of a segment have been read: it has to be complete, or the last one. */
  private endSegment(): void {
    const { file, size, scan } = this.open as NonNullable<typeof this.open>;
    const first = this.firsts[this.segment] as number;
    const isLast = this.segment === this.firsts.length - 1;
    if (isLast) this.cut = judge(scan, this.path, first, size);
    else {
      const why = scan.stop?.why ?? 'it does not end as a complete segment does';
      if (!scan.sealed) throw damage(this.path, first, scan.offset, scan.sequence, why);
      if (scan.sequence !== this.firsts[this.segment + 1]) {
        const missing = `the segment that begins with record ${scan.sequence} is missing`;
        throw damage(this.path, first, scan.offset, scan.sequence, missing);
      }
    }
    file.close();
    this.open = undefined;
    this.seal = scan.crc;
    this.segment++;
    if (!isLast) return;
    this.isDone = true;
    if (this.from > scan.sequence) throw this.outOfRange(scan.sequence);
  }

  private outOfRange(next: number): Error {
    const { path, from } = this;
    return problem('FILE_RANGE', { path, from: String(from), first: this.firsts[0] ?? 0, next });
  }
}
