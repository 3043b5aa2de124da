// Frames: what a segment consists of behind its header. Written as a head and the parts of a payload; read with all checks.
import { getSequence, putSequence, viewOf } from './bytes.js';
import { FRAME_HEAD_BYTES, FRAME_MAGIC, Frame, FrameKind, MAX_PAYLOAD_BYTES } from './descriptor.js';
import type { FileSystem } from './file-system.js';

/** What the head of a frame says. */
export interface FrameHead {
  readonly kind: FrameKind;
  /** The sequence of its first record, or of the next one. */
  readonly first: number;
  /** Records, or texts. */
  readonly count: number;
  readonly payloadBytes: number;
  /** The sequence before which everything was on the disk when it was written. */
  readonly durable: number;
  /** When it was written, in ms since 1970. */
  readonly time: number;
  /** The checksum of what comes before it. */
  readonly before: number;
  readonly salt: number;
}

/** A frame that was read and found good. */
export interface GoodFrame extends FrameHead {
  readonly payload: Uint8Array;
  readonly crc: number;
}

/** A head for the next frame, to be written before the parts of its payload. It is used again by every call. */
export class FrameEncoder {
  readonly head = new Uint8Array(FRAME_HEAD_BYTES);
  private readonly view = viewOf(this.head);
  private readonly crc32: FileSystem['crc32'];

  constructor(crc32: FileSystem['crc32']) {
    this.crc32 = crc32;
  }

  /** Fills the head; returns the frame's checksum. */
  fill(frame: FrameHead, payload: readonly Uint8Array[]): number {
    const { head, view } = this;
    view.setUint32(Frame.MAGIC, FRAME_MAGIC, true);
    view.setUint32(Frame.PAYLOAD_BYTES, frame.payloadBytes, true);
    view.setUint32(Frame.COUNT, frame.count, true);
    putSequence(view, Frame.FIRST, frame.first);
    putSequence(view, Frame.DURABLE, frame.durable);
    view.setFloat64(Frame.TIME, frame.time, true);
    view.setUint32(Frame.BEFORE, frame.before, true);
    view.setUint32(Frame.KIND, frame.kind, true);
    view.setUint32(Frame.SALT, frame.salt, true);
    let crc = this.crc32(head.subarray(Frame.PAYLOAD_BYTES), 0);
    for (const part of payload) crc = this.crc32(part, crc);
    view.setUint32(Frame.CRC, crc, true);
    return crc;
  }
}

/**
 * Reads the frame at an offset of some bytes.
 *
 * @param recordBytes Bytes of a record.
 * @returns The frame, its payload within the bytes; or how many bytes it needs, if there are too few; or what is wrong.
 */
export function readFrame(
  bytes: Uint8Array,
  offset: number,
  recordBytes: number,
  salt: number,
  crc32: FileSystem['crc32'],
): GoodFrame | number | string {
  if (bytes.length - offset < FRAME_HEAD_BYTES) return FRAME_HEAD_BYTES;
  const head = bytes.subarray(offset, offset + FRAME_HEAD_BYTES);
  const view = viewOf(head);
  if (view.getUint32(Frame.MAGIC, true) !== FRAME_MAGIC) return 'no frame begins there';
  if (view.getUint32(Frame.SALT, true) !== salt) return 'a frame of another segment lies there';
  const payloadBytes = view.getUint32(Frame.PAYLOAD_BYTES, true);
  if (payloadBytes > MAX_PAYLOAD_BYTES || payloadBytes % 8 !== 0) return 'the frame there is damaged';
  const total = FRAME_HEAD_BYTES + payloadBytes;
  if (bytes.length - offset < total) return total;
  const payload = bytes.subarray(offset + FRAME_HEAD_BYTES, offset + total);
  const crc = crc32(payload, crc32(head.subarray(Frame.PAYLOAD_BYTES), 0));
  if (crc !== view.getUint32(Frame.CRC, true)) return 'the frame there is damaged';
  const frame: GoodFrame = {
    kind: view.getUint32(Frame.KIND, true) as FrameKind,
    first: getSequence(view, Frame.FIRST),
    count: view.getUint32(Frame.COUNT, true),
    payloadBytes,
    durable: getSequence(view, Frame.DURABLE),
    time: view.getFloat64(Frame.TIME, true),
    before: view.getUint32(Frame.BEFORE, true),
    salt,
    payload,
    crc,
  };
  return makesSense(frame, recordBytes) ? frame : 'the frame there makes no sense';
}

/** A frame may have a good checksum and still be nothing that was ever written: files come from anywhere. */
function makesSense(
  { kind, first, count, durable, payloadBytes, time }: GoodFrame,
  recordBytes: number,
): boolean {
  if (first < 0 || durable < 0 || durable > first || Number.isNaN(time)) return false;
  if (kind === FrameKind.RECORDS) {
    return count > 0 && count * recordBytes === payloadBytes && Number.isSafeInteger(first + count);
  }
  if (kind === FrameKind.TEXTS) return count > 0;
  return (kind === FrameKind.MARK || kind === FrameKind.SEAL) && count === 0 && payloadBytes === 0;
}
