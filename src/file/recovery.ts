// What is found when a journal's folder is opened: its segments, where the next record goes, and what has to be cut off.
//
// A process that is killed, or a loss of power, may leave the end of the last segment half written: frames that nobody was
// told were durable may be missing, torn, or there without those before them. Everything from the first frame on that is
// not what has to come there is cut off, and reported. Bytes that once were durable don't change by that. So a bad frame is
// damage, an error, and nothing is cut, if something proves that it had been durable: a later frame which says so, or a
// later segment, since a segment is sealed and synced before the next one is made.
import { FRAME_HEAD_BYTES, FrameKind, segmentName, sequenceOfName } from './descriptor.js';
import type { FileSystem, OpenFile } from './file-system.js';
import { readFrame } from './frame.js';
import { isBad, nameOfLayout, type RecordLayout, readHeader, type SegmentHeader } from './header.js';
import { attempt, problem } from './problem.js';
import { SegmentScanner } from './scanner.js';

/** A segment, as far as retention is concerned. */
export interface SegmentInfo {
  /** The sequence of its first record. */
  readonly first: number;
  bytes: number;
  /** When its last frame was written, in ms since 1970. */
  time: number;
}

/** What was cut off the end of a journal that had not been closed in order. */
export interface Cut {
  readonly segment: string;
  /** The byte from which on it was cut. */
  readonly offset: number;
  /** How many bytes were cut. */
  readonly bytes: number;
  /** The sequence of the first record that may have been among them. */
  readonly sequence: number;
  readonly why: string;
}

/** The last segment, read to its end. */
export interface Tail {
  readonly header: SegmentHeader;
  readonly scan: SegmentScanner;
}

export interface Found {
  /** Oldest first, the tail included. */
  readonly segments: SegmentInfo[];
  /** Undefined if there is no segment. */
  readonly tail: Tail | undefined;
  readonly cut: Cut | undefined;
  /** A segment that was being made, and holds nothing. */
  readonly unfinished: string | undefined;
}

/**
 * Looks at a journal's folder, without changing anything.
 *
 * @param layout The layout that its records have to have.
 * @throws {FileProblem} FILE_LAYOUT, FILE_FORMAT, FILE_DAMAGED, FILE_FAILED.
 */
export function lookAt(files: FileSystem, path: string, layout: RecordLayout): Found {
  const { firsts, unfinished } = segmentsOf(files, path);
  const segments: SegmentInfo[] = [];
  const last = firsts.at(-1);
  if (last === undefined) return { segments, tail: undefined, cut: undefined, unfinished };
  let seal = -1;
  for (const [i, first] of firsts.entries()) {
    const header = headerOf(files, path, first, layout);
    if (seal >= 0 && header.before !== seal) {
      throw damage(path, first, 0, first, 'it does not follow the segment before it');
    }
    if (first === last) break;
    const next = firsts[i + 1] as number;
    const end = sealOf(files, path, header, next);
    segments.push({ first, bytes: end.bytes, time: end.time });
    seal = end.crc;
  }
  const { tail, cut } = readTail(files, path, last, layout, unfinished !== undefined);
  segments.push({ first: last, bytes: tail.scan.offset, time: tail.scan.time });
  return { segments, tail, cut, unfinished };
}

/** The segments of a folder by their first sequences, in order, without one that was being made. */
export function segmentsOf(
  files: FileSystem,
  path: string,
): { readonly firsts: readonly number[]; readonly unfinished: string | undefined } {
  const names = attempt('list', path, () => files.list(path));
  const firsts = names
    .map(sequenceOfName)
    .filter((first) => first !== undefined)
    .sort((a, b) => a - b);
  const last = firsts.at(-1);
  if (last === undefined || !isUnfinished(files, path, last)) return { firsts, unfinished: undefined };
  return { firsts: firsts.slice(0, -1), unfinished: segmentName(last) };
}

/** Opens a file, does something with it, and closes it. */
export function withFile<R>(files: FileSystem, path: string, run: (file: OpenFile) => R): R {
  const file = attempt('open', path, () => files.open(path, 'read'));
  try {
    return run(file);
  } finally {
    file.close();
  }
}

/**
 * The header of a segment that has to have one.
 *
 * @throws {FileProblem} FILE_LAYOUT for another layout; FILE_DAMAGED, FILE_FORMAT.
 */
export function headerOf(
  files: FileSystem,
  folder: string,
  first: number,
  layout: RecordLayout,
): SegmentHeader {
  const path = `${folder}/${segmentName(first)}`;
  const header = withFile(files, path, (file) => readHeader(file, path, files.crc32));
  if (isBad(header)) throw damage(folder, first, 0, first, header.why);
  if (header.first !== first) {
    throw damage(
      folder,
      first,
      0,
      first,
      `it begins with record ${header.first}, which its name does not say`,
    );
  }
  const found = header.layout;
  if (found.fingerprint !== layout.fingerprint || found.recordBytes !== layout.recordBytes) {
    throw problem('FILE_LAYOUT', { path: folder, found: nameOfLayout(found), asked: nameOfLayout(layout) });
  }
  return header;
}

export function damage(folder: string, first: number, offset: number, sequence: number, why: string): Error {
  return problem('FILE_DAMAGED', { path: `${folder}/${segmentName(first)}`, offset, sequence, why });
}

/** Whether the last segment was being made when its process ended: its header is not complete, and no frame follows. */
function isUnfinished(files: FileSystem, folder: string, first: number): boolean {
  const path = `${folder}/${segmentName(first)}`;
  return withFile(files, path, (file) => {
    const header = readHeader(file, path, files.crc32);
    return isBad(header) && header.torn && !holdsFrames(file, path, files.crc32);
  });
}

/** Whether there is a good frame anywhere, of whatever segment. */
function holdsFrames(file: OpenFile, path: string, crc32: FileSystem['crc32']): boolean {
  const bytes = new Uint8Array(attempt('read', path, () => file.size()));
  attempt('read', path, () => file.read(bytes, 0));
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + FRAME_HEAD_BYTES <= bytes.length; at += 8) {
    const salt = view.getUint32(at + 48, true);
    const found = readFrame(bytes, at, 0, salt, crc32);
    // A frame of records does not make sense without their size, but its checksum was right.
    if (typeof found === 'object' || (typeof found === 'string' && found.endsWith('no sense'))) return true;
  }
  return false;
}

/** The seal of a segment that another one follows. */
function sealOf(
  files: FileSystem,
  folder: string,
  header: SegmentHeader,
  next: number,
): { readonly crc: number; readonly bytes: number; readonly time: number } {
  const path = `${folder}/${segmentName(header.first)}`;
  return withFile(files, path, (file) => {
    const size = attempt('read', path, () => file.size());
    const bytes = new Uint8Array(FRAME_HEAD_BYTES);
    const offset = size - FRAME_HEAD_BYTES;
    if (offset >= header.bytes) attempt('read', path, () => file.read(bytes, offset));
    const seal = readFrame(bytes, 0, header.layout.recordBytes, header.salt, files.crc32);
    if (typeof seal !== 'object' || seal.kind !== FrameKind.SEAL) {
      throw damage(
        folder,
        header.first,
        Math.max(0, offset),
        next,
        'it does not end as a complete segment does',
      );
    }
    if (seal.first !== next) {
      const why = `the segment that begins with record ${seal.first} is missing`;
      throw damage(folder, header.first, offset, seal.first, why);
    }
    return { crc: seal.crc, bytes: size, time: seal.time };
  });
}

function readTail(
  files: FileSystem,
  folder: string,
  first: number,
  layout: RecordLayout,
  wasSealed: boolean,
): { readonly tail: Tail; readonly cut: Cut | undefined } {
  const name = segmentName(first);
  const path = `${folder}/${name}`;
  const header = headerOf(files, folder, first, layout);
  return withFile(files, path, (file) => {
    const size = attempt('read', path, () => file.size());
    const scan = new SegmentScanner(file, path, header, files.crc32, size);
    while (scan.next() !== undefined);
    const cut = judge(scan, folder, first, size);
    if (wasSealed && !scan.sealed) {
      throw damage(folder, first, scan.offset, scan.sequence, 'it does not end as a complete segment does');
    }
    return { tail: { header, scan }, cut };
  });
}

/**
 * What a scan of the last segment that stopped before the file's end means.
 *
 * @returns What is to be cut off; undefined if it did not stop.
 * @throws {FileProblem} FILE_DAMAGED if what is bad had been durable.
 */
export function judge(scan: SegmentScanner, folder: string, first: number, size: number): Cut | undefined {
  const { stop, sequence } = scan;
  if (stop === undefined) return undefined;
  if (scan.claims(stop.offset, sequence)) throw damage(folder, first, stop.offset, sequence, stop.why);
  return {
    segment: segmentName(first),
    offset: stop.offset,
    bytes: size - stop.offset,
    sequence,
    why: stop.why,
  };
}
