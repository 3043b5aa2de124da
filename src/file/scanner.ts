// Reads a segment frame by frame, and stops where the next one is not what has to come there.
import {
  FRAME_HEAD_BYTES,
  FRAME_MAGIC,
  type FrameKind,
  FrameKind as Kind,
  MAX_PAYLOAD_BYTES,
} from './descriptor.js';
import type { FileSystem, OpenFile } from './file-system.js';
import { type GoodFrame, readFrame } from './frame.js';
import type { SegmentHeader } from './header.js';
import { attempt } from './problem.js';
import { decodeTexts } from './texts.js';

/** Bytes that are read at once; the longest frame fits. */
const BUFFER_BYTES = MAX_PAYLOAD_BYTES + FRAME_HEAD_BYTES;

/** Where and why a scan stopped before the end of the file. */
export interface Stop {
  readonly offset: number;
  readonly why: string;
}

export class SegmentScanner {
  /** Texts of the segment so far, by number. */
  readonly texts: string[] = [''];
  /** The sequence of the next record. */
  sequence: number;
  /** Byte after the last good frame. */
  offset: number;
  /** The checksum of the last good frame. */
  crc: number;
  /** When the last good frame was written. */
  time: number;
  /** Whether the last good frame says that the segment is complete. */
  sealed = false;
  /** What stopped it, if it was not the end of the file. */
  stop: Stop | undefined;
  private readonly file: OpenFile;
  private readonly path: string;
  private readonly header: SegmentHeader;
  private readonly crc32: FileSystem['crc32'];
  private readonly end: number;
  private buffer = new Uint8Array(0);
  /** Where the buffer's bytes lie in the file, and how many there are. */
  private start = 0;
  private filled = 0;

  /** @param end Byte before which it reads; the file's size unless told. */
  constructor(
    file: OpenFile,
    path: string,
    header: SegmentHeader,
    crc32: FileSystem['crc32'],
    end = attempt('read', path, () => file.size()),
  ) {
    this.file = file;
    this.path = path;
    this.header = header;
    this.crc32 = crc32;
    this.end = end;
    this.offset = header.bytes;
    this.sequence = header.first;
    this.crc = header.crc;
    this.time = header.created;
  }

  /**
   * The next frame; its payload is valid until the next call. Undefined at the end, and where it stops.
   *
   * @throws {FileProblem} FILE_FAILED if the file can't be read.
   */
  next(): GoodFrame | undefined {
    if (this.stop !== undefined || this.offset >= this.end) return undefined;
    const frame = this.read();
    const why = typeof frame === 'string' ? frame : this.misplaced(frame);
    if (why !== undefined) {
      this.stop = { offset: this.offset, why };
      return undefined;
    }
    const good = frame as GoodFrame;
    if (good.kind === Kind.RECORDS) this.sequence += good.count;
    this.sealed = good.kind === Kind.SEAL;
    this.offset += FRAME_HEAD_BYTES + good.payloadBytes;
    this.crc = good.crc;
    this.time = good.time;
    return good;
  }

  /** Whether a good frame lies anywhere from an offset on that says that records from a sequence on were durable. */
  claims(from: number, sequence: number): boolean {
    for (let at = from; at + FRAME_HEAD_BYTES <= this.end; at += 8) {
      const inside = this.provide(at, 8);
      if (inside < 0) return false;
      if (this.buffer[inside] !== (FRAME_MAGIC & 255)) continue;
      const frame = this.frameAt(at);
      if (typeof frame !== 'string' && frame.durable > sequence) return true;
    }
    return false;
  }

  private read(): GoodFrame | string {
    return this.frameAt(this.offset);
  }

  private frameAt(offset: number): GoodFrame | string {
    const { recordBytes } = this.header.layout;
    for (let needed = FRAME_HEAD_BYTES; ; ) {
      if (offset + needed > this.end) return 'the frame there is cut off';
      const at = this.provide(offset, needed);
      if (at < 0) return 'the frame there is cut off';
      const found = readFrame(
        this.buffer.subarray(0, this.filled),
        at,
        recordBytes,
        this.header.salt,
        this.crc32,
      );
      if (typeof found !== 'number') return found;
      needed = found;
    }
  }

  /** Sees to it that some bytes of the file are in the buffer; returns where, or -1 if the file ends before. */
  private provide(offset: number, length: number): number {
    if (this.buffer.length === 0) {
      this.buffer = new Uint8Array(Math.min(BUFFER_BYTES, Math.max(length, this.end - offset)));
    }
    const inside = offset - this.start;
    if (inside >= 0 && inside + length <= this.filled) return inside;
    // The file may have been shorter when the buffer was made for it, but not than what is needed of it.
    if (this.buffer.length < length) this.buffer = new Uint8Array(BUFFER_BYTES);
    this.start = offset;
    const wanted = this.buffer.subarray(0, Math.min(this.buffer.length, this.end - offset));
    this.filled = attempt('read', this.path, () => this.file.read(wanted, offset));
    return this.filled >= length ? 0 : -1;
  }

  /** What is wrong with a good frame in this place, if anything. */
  private misplaced(frame: GoodFrame): string | undefined {
    if (this.sealed) return 'something follows the end of a complete segment';
    if (frame.before !== this.crc) return 'the frame there does not follow the one before it';
    if (frame.first !== this.sequence) return 'the frame there has another sequence';
    if (frame.kind !== (Kind.TEXTS as FrameKind)) return undefined;
    const texts = decodeTexts(frame);
    if (texts === undefined) return 'the texts there make no sense';
    for (const text of texts) this.texts.push(text);
    return undefined;
  }
}
