// Numbers in files: little-endian, sequences up to 2^53 in 8 bytes.

const TWO_32 = 4_294_967_296;

/** Writes a sequence as an unsigned integer of 64 bits. */
export function putSequence(view: DataView, offset: number, sequence: number): void {
  view.setUint32(offset, sequence % TWO_32, true);
  view.setUint32(offset + 4, Math.floor(sequence / TWO_32), true);
}

/** Reads a sequence; -1 for a number that none can be. */
export function getSequence(view: DataView, offset: number): number {
  const sequence = view.getUint32(offset + 4, true) * TWO_32 + view.getUint32(offset, true);
  return Number.isSafeInteger(sequence) ? sequence : -1;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Rounded up to whole words of 8 bytes. */
export function wholeWords(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** Pieces in a row. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return copyTo(new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0)), parts);
}

/** Copies pieces, one behind the other, to memory that is as long as they are together; returns it. */
export function copyTo<T extends Uint8Array>(memory: T, parts: readonly Uint8Array[]): T {
  let at = 0;
  for (const part of parts) {
    memory.set(part, at);
    at += part.length;
  }
  return memory;
}
