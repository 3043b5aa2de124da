// CRC-32 (the one of zlib and gzip), eight bytes at a time: for where the platform has none of its own, and for tests.

/** A checksum that goes on from that of the bytes before. */
export type Crc32 = (bytes: Uint8Array, before: number) => number;

const POLYNOMIAL = 0xedb88320;
const TABLES = 8;

let tables: readonly Int32Array[] | undefined;

/** For each byte, its remainder when 0 to 7 more bytes follow it. */
function makeTables(): readonly Int32Array[] {
  const made = Array.from({ length: TABLES }, () => new Int32Array(256));
  const [first] = made as [Int32Array];
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
    first[byte] = rest;
  }
  for (let k = 1; k < TABLES; k++) {
    for (let byte = 0; byte < 256; byte++) {
      const rest = (made[k - 1] as Int32Array)[byte] as number;
      (made[k] as Int32Array)[byte] = (rest >>> 8) ^ (first[rest & 255] as number);
    }
  }
  return made;
}

/**
 * The CRC-32 of some bytes.
 *
 * @param before The checksum of what comes before them; 0 at the start.
 */
export function crc32(bytes: Uint8Array, before: number): number {
  tables ??= makeTables();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as unknown as Int32Array[] & { length: 8 };
  const { length } = bytes;
  let rest = ~before;
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    const low = rest ^ word(bytes, i);
    const high = word(bytes, i + 4);
    rest =
      t7![low & 255]! ^
      t6![(low >>> 8) & 255]! ^
      t5![(low >>> 16) & 255]! ^
      t4![low >>> 24]! ^
      t3![high & 255]! ^
      t2![(high >>> 8) & 255]! ^
      t1![(high >>> 16) & 255]! ^
      t0![high >>> 24]!;
  }
  for (; i < length; i++) rest = (rest >>> 8) ^ t0![(rest ^ bytes[i]!) & 255]!;
  return ~rest >>> 0;
}

function word(bytes: Uint8Array, i: number): number {
  return bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
}
