// Writes files of DBN for tests, and frames of Zstandard that hold their bytes uncompressed.

export interface DbnRecord {
  readonly ts: bigint;
  readonly orderId: bigint;
  readonly price: bigint;
  readonly size: number;
  readonly instrumentId: number;
  readonly action: string;
  readonly side: string;
}

export interface DbnContents {
  readonly version: number;
  readonly records: readonly DbnRecord[];
  /** Whether a record of another type stands before each. */
  readonly others?: boolean;
  /** Whether each has the time at which it was sent at its end. */
  readonly tsOut?: boolean;
}

/** A file with the instruments 11 and 12, both `ABC`. */
export function dbnBytes({ version, records, others = false, tsOut = false }: DbnContents): Uint8Array {
  const symbolBytes = version === 1 ? 22 : 71;
  const u8 = (value: number) => Buffer.of(value);
  const u16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer);
  const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
  const u64 = (value: bigint) => Buffer.from(BigUint64Array.of(value).buffer);
  const text = (value: string, length: number) => Buffer.from(value.padEnd(length, '\0'), 'latin1');
  const header = Buffer.concat([
    text('TEST.DATA', 16),
    u16(0),
    u64(1n),
    u64(2n),
    u64(0n),
    ...(version === 1 ? [u64(BigInt(records.length))] : []),
    u8(1),
    u8(0),
    u8(tsOut ? 1 : 0),
    ...(version === 1 ? [] : [u16(symbolBytes)]),
    Buffer.alloc(version === 1 ? 47 : 53),
    u32(0),
    u32(1),
    text('ABC', symbolBytes),
    u32(0),
    u32(0),
    u32(1),
    text('ABC', symbolBytes),
    u32(2),
    ...['11', '12'].flatMap((id) => [u32(20240101), u32(20240102), text(id, symbolBytes)]),
  ]);
  // Version 3 begins its records at a multiple of 8.
  const filled = version === 3 ? Buffer.concat([header, Buffer.alloc(-header.length & 7)]) : header;
  const parts = [text('DBN', 3), u8(version), u32(filled.length), filled];
  const start = (bytes: number, type: number, instrument: number, ts: bigint) =>
    Buffer.concat([u8(bytes / 4), u8(type), u16(1), u32(instrument), u64(ts)]);
  for (const { ts, orderId, price, size, instrumentId, action, side } of records) {
    if (others) parts.push(start(24, 23, instrumentId, ts), u64(0n));
    parts.push(
      start(tsOut ? 64 : 56, 160, instrumentId, ts),
      u64(orderId),
      u64(BigInt.asUintN(64, price)),
      u32(size),
      u8(128),
      u8(0),
      text(action, 1),
      text(side, 1),
      u64(ts),
      u32(0),
      u32(0),
      ...(tsOut ? [u64(ts)] : []),
    );
  }
  return Buffer.concat(parts);
}

/** A frame of Zstandard with raw blocks only (RFC 8878). */
export function storedZstd(bytes: Uint8Array): Uint8Array {
  // One segment, and its size in 8 bytes.
  const parts = [
    Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0),
    Buffer.from(BigUint64Array.of(BigInt(bytes.length)).buffer),
  ];
  const BLOCK = 100_000;
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    const header = (block.length << 3) | (at + BLOCK >= bytes.length ? 1 : 0);
    parts.push(Buffer.of(header & 255, (header >> 8) & 255, header >> 16), Buffer.from(block));
  }
  return Buffer.concat(parts);
}
