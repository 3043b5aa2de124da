// The header of a segment: which journal it belongs to, which layout its records have, and where it begins.
import { getSequence, putSequence, viewOf, wholeWords } from './bytes.js';
import { FORMAT_VERSION, HEADER_END_BYTES, HEADER_MAGIC, Header, MAX_HEADER_BYTES } from './descriptor.js';
import type { FileSystem, OpenFile } from './file-system.js';
import { attempt, problem } from './problem.js';

/** The layout of records, as files name it. */
export interface RecordLayout {
  /** The struct's name. */
  readonly name: string;
  /** Equal for equal layouts (see `Struct.fingerprint`). */
  readonly fingerprint: string;
  readonly recordBytes: number;
  /** Where text fields lie in a record, in bytes. */
  readonly texts: readonly number[];
}

export interface SegmentHeader {
  readonly layout: RecordLayout;
  /** The sequence of its first record. */
  readonly first: number;
  /** When it was made, in ms since 1970. */
  readonly created: number;
  readonly salt: number;
  /** The checksum of the seal of the segment before it; 0 for the first one. */
  readonly before: number;
  /** Bytes of the header itself. */
  readonly bytes: number;
  /** Its own checksum. */
  readonly crc: number;
}

/** Why bytes are no header. `torn` is what an interrupted creation may leave behind. */
export interface BadHeader {
  readonly torn: boolean;
  readonly why: string;
}

/** How a layout is named in messages. */
export function nameOfLayout({ name, fingerprint }: RecordLayout): string {
  return `${name} ${fingerprint}`;
}

/** The bytes of a header. */
export function encodeHeader(
  fields: Omit<SegmentHeader, 'bytes' | 'crc'>,
  crc32: FileSystem['crc32'],
): { readonly bytes: Uint8Array; readonly crc: number } {
  const { layout } = fields;
  const text = new TextEncoder().encode(
    JSON.stringify({ name: layout.name, fingerprint: layout.fingerprint, texts: layout.texts }),
  );
  const length = wholeWords(Header.LAYOUT + text.length) + HEADER_END_BYTES;
  if (length > MAX_HEADER_BYTES) {
    throw problem('FILE_FORMAT', {
      path: `a journal of ${layout.name}`,
      why: `its layout takes ${length} bytes of a header, which has ${MAX_HEADER_BYTES} at most`,
    });
  }
  const bytes = new Uint8Array(length);
  const view = viewOf(bytes);
  bytes.set(HEADER_MAGIC);
  view.setUint32(Header.VERSION, FORMAT_VERSION, true);
  view.setUint32(Header.BYTES, length, true);
  putSequence(view, Header.FIRST, fields.first);
  view.setFloat64(Header.CREATED, fields.created, true);
  view.setUint32(Header.SALT, fields.salt, true);
  view.setUint32(Header.BEFORE, fields.before, true);
  view.setUint32(Header.RECORD_BYTES, layout.recordBytes, true);
  view.setUint32(Header.LAYOUT_BYTES, text.length, true);
  bytes.set(text, Header.LAYOUT);
  const crc = crc32(bytes.subarray(0, length - HEADER_END_BYTES), 0);
  view.setUint32(length - HEADER_END_BYTES, crc, true);
  return { bytes, crc };
}

/**
 * Reads the header of a segment.
 *
 * @throws {FileProblem} FILE_FORMAT if it was written by a later version; FILE_FAILED if the file can't be read.
 */
export function readHeader(
  file: OpenFile,
  path: string,
  crc32: FileSystem['crc32'],
): SegmentHeader | BadHeader {
  const start = new Uint8Array(Header.LAYOUT);
  const got = attempt('read', path, () => file.read(start, 0));
  if (got < start.length) return { torn: true, why: `it ends within its header, after ${got} bytes` };
  if (HEADER_MAGIC.some((byte, i) => start[i] !== byte)) {
    // Zeros are what was not written yet. Other bytes are somebody else's, or damage.
    const torn = HEADER_MAGIC.every((byte, i) => start[i] === byte || start[i] === 0);
    return { torn, why: 'it does not begin as a segment does' };
  }
  const view = viewOf(start);
  const version = view.getUint32(Header.VERSION, true);
  const length = view.getUint32(Header.BYTES, true);
  if (length < Header.LAYOUT + HEADER_END_BYTES || length > MAX_HEADER_BYTES || length % 8 !== 0) {
    return { torn: true, why: 'its header is damaged' };
  }
  const bytes = new Uint8Array(length);
  if (attempt('read', path, () => file.read(bytes, 0)) < length) {
    return { torn: true, why: 'it ends within its header' };
  }
  const whole = viewOf(bytes);
  const crc = crc32(bytes.subarray(0, length - HEADER_END_BYTES), 0);
  const isGood = crc === whole.getUint32(length - HEADER_END_BYTES, true);
  if (!isGood || whole.getUint32(length - HEADER_END_BYTES / 2, true) !== 0) {
    return { torn: true, why: 'its header is damaged' };
  }
  if (version !== FORMAT_VERSION) {
    const why = `it has version ${version} of the format, this package reads version ${FORMAT_VERSION}`;
    throw problem('FILE_FORMAT', { path, why });
  }
  const layoutBytes = whole.getUint32(Header.LAYOUT_BYTES, true);
  const first = getSequence(whole, Header.FIRST);
  const end = Header.LAYOUT + layoutBytes;
  if (first < 0 || end > length - HEADER_END_BYTES) return { torn: false, why: 'its header makes no sense' };
  const layout = decodeLayout(bytes.subarray(Header.LAYOUT, end));
  if (layout === undefined) return { torn: false, why: 'its header names no layout' };
  return {
    layout: { ...layout, recordBytes: whole.getUint32(Header.RECORD_BYTES, true) },
    first,
    created: whole.getFloat64(Header.CREATED, true),
    salt: whole.getUint32(Header.SALT, true),
    before: whole.getUint32(Header.BEFORE, true),
    bytes: length,
    crc,
  };
}

export function isBad(header: SegmentHeader | BadHeader): header is BadHeader {
  return 'torn' in header;
}

function decodeLayout(bytes: Uint8Array): Omit<RecordLayout, 'recordBytes'> | undefined {
  try {
    const { name, fingerprint, texts } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<RecordLayout>;
    if (typeof name !== 'string' || typeof fingerprint !== 'string' || !Array.isArray(texts))
      return undefined;
    return { name, fingerprint, texts };
  } catch {
    return undefined;
  }
}
