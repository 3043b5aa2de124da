// Where everything lies in the files of a journal. Only offsets, sizes and names; no code reads or writes here.
//
// A journal is a folder of segments, each named by the sequence of its first record. All numbers are little-endian.
//
//   0000000000000000.journal      segment    header, frame, frame, …, seal
//   0000000000262144.journal      segment    header, frame, frame, …
//   lock                          who has the folder open for writing
//
//   header   0 magic   8 version   12 header bytes   16 first sequence   24 created, ms   32 salt   36 end of segment before
//           40 record bytes   44 layout bytes   48 layout: JSON, UTF-8   …   zeros up to a word   last word: CRC-32, zero
//
//   frame    0 magic   4 CRC-32   8 payload bytes   12 count   16 first sequence   24 durable sequence   32 time, ms
//           40 CRC-32 of the frame before   44 kind   48 salt   52 zeros   64 payload
//
// Each frame has the checksum of the frame before it, the first frame that of the header, and a header that of the seal of
// the segment before: a frame counts only in its place. The salt, a random number in each segment, keeps bytes of
// records from being taken for frames. `durable sequence` is what was known to be on the disk when the frame was written:
// it tells a torn tail from damage (see recovery.ts).

/** "RODAJRNL". */
export const HEADER_MAGIC = [0x52, 0x4f, 0x44, 0x41, 0x4a, 0x52, 0x4e, 0x4c] as const;
export const FORMAT_VERSION = 1;

/** Offsets in a header, in bytes. */
export const Header = {
  VERSION: 8,
  BYTES: 12,
  FIRST: 16,
  CREATED: 24,
  SALT: 32,
  BEFORE: 36,
  RECORD_BYTES: 40,
  LAYOUT_BYTES: 44,
  LAYOUT: 48,
} as const;

/** The last word of a header: its checksum, and zeros. */
export const HEADER_END_BYTES = 8;
/** No header is longer: a layout of more text is refused. */
export const MAX_HEADER_BYTES = 1_048_576;

/** "RFRM". */
export const FRAME_MAGIC = 0x4d_52_46_52;

/** Offsets in the head of a frame, in bytes. */
export const Frame = {
  MAGIC: 0,
  CRC: 4,
  PAYLOAD_BYTES: 8,
  COUNT: 12,
  FIRST: 16,
  DURABLE: 24,
  TIME: 32,
  BEFORE: 40,
  KIND: 44,
  SALT: 48,
  ZEROS: 52,
} as const;

export const FRAME_HEAD_BYTES = 64;
/** No payload is longer; the longest record is a quarter of it. */
export const MAX_PAYLOAD_BYTES = 4 * 1_048_576;

/** What a frame holds. */
export const FrameKind = {
  /** `count` records, one behind the other. */
  RECORDS: 1,
  /** `count` texts, numbered on from those before in the segment: bytes of the text as a u32, then the text in UTF-8. */
  TEXTS: 2,
  /** Nothing: it says what is durable. Written when a journal is closed. */
  MARK: 3,
  /** Nothing: the segment is complete. `first sequence` is the first one of the next segment. */
  SEAL: 4,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

const SUFFIX = '.journal';
const DIGITS = 16;

/** The name of the segment that begins with a sequence. */
export function segmentName(first: number): string {
  return `${String(first).padStart(DIGITS, '0')}${SUFFIX}`;
}

/** The first sequence of a segment by its name; undefined for the name of something else. */
export function sequenceOfName(name: string): number | undefined {
  if (!name.endsWith(SUFFIX) || name.length !== DIGITS + SUFFIX.length) return undefined;
  const digits = name.slice(0, DIGITS);
  const sequence = Number(digits);
  return /^\d+$/.test(digits) && Number.isSafeInteger(sequence) ? sequence : undefined;
}
