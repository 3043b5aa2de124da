// Decodes DBN, the format of Databento's files: versions 1 to 3, given in pieces of any length.
//
// A header (metadata) of a length that it tells itself, then records: each begins with its length in words of 4 bytes, its type,
// publisher, instrument and time. Records of market by order (type 160) are the same in all versions. Everything is little endian.
import type { MboColumns } from './columns.js';

/** What the header says. */
export interface DbnMetadata {
  readonly version: number;
  readonly dataset: string;
  /** The symbols of instruments, by their ids; empty if the file maps them in another way. */
  readonly symbols: ReadonlyMap<number, string>;
}

/** Offsets within a record of market by order, in bytes. */
const MBO = { instrumentId: 4, ts: 8, orderId: 16, price: 24, size: 32, action: 38, side: 39 } as const;
const MBO_TYPE = 160;
const MBO_BYTES = 56;
const RECORD_HEADER_BYTES = 16;
const PREFIX_BYTES = 8;
const NEWEST = 3;
/** Bytes of a header after its prefix: the fields of fixed length, and enough for a million symbols. */
const SHORTEST_HEADER = 100;
const LONGEST_HEADER = 2 ** 28;

/** Decodes a stream of DBN. Records of other types than market by order are passed over. */
export class DbnDecoder {
  /** Known once the header has been read. */
  metadata: DbnMetadata | undefined;
  private view = new DataView(new ArrayBuffer(0));
  /** Of `view`, what has been read. */
  private at = 0;

  /**
   * Gives it the next piece, of which it takes a copy.
   *
   * @throws {RangeError} If this is no DBN, or of a version that is not known.
   */
  push(piece: Uint8Array): void {
    const left = new Uint8Array(this.view.buffer, this.at);
    const bytes = new Uint8Array(left.length + piece.length);
    bytes.set(left);
    bytes.set(piece, left.length);
    this.view = new DataView(bytes.buffer);
    this.at = this.metadata === undefined ? this.readHeader() : 0;
  }

  /**
   * Reads records into columns, from `from` on; `tsRecv` is left as it is. Returns where it ended: before the end of the columns
   * there was no complete record left.
   *
   * @throws {RangeError} At what can't be a record.
   */
  read(columns: MboColumns, from: number): number {
    if (this.metadata === undefined) return from;
    const { view } = this;
    const { ts, orderId, price, size, instrumentId, action, side } = columns;
    let i = from;
    while (i < size.length && this.at < view.byteLength) {
      const { at } = this;
      const bytes = view.getUint8(at) * 4;
      if (bytes < RECORD_HEADER_BYTES) throw bad(`a record has ${bytes} bytes`);
      if (at + bytes > view.byteLength) break;
      this.at = at + bytes;
      if (view.getUint8(at + 1) !== MBO_TYPE) continue;
      if (bytes < MBO_BYTES) throw bad(`a record of market by order has ${bytes} bytes`);
      ts[i] = view.getBigUint64(at + MBO.ts, true);
      orderId[i] = view.getBigUint64(at + MBO.orderId, true);
      price[i] = view.getBigInt64(at + MBO.price, true);
      size[i] = view.getUint32(at + MBO.size, true);
      instrumentId[i] = view.getUint32(at + MBO.instrumentId, true);
      action[i] = view.getUint8(at + MBO.action);
      side[i] = view.getUint8(at + MBO.side);
      i++;
    }
    return i;
  }

  /**
   * Tells that there are no more pieces.
   *
   * @throws {RangeError} If something is missing.
   */
  end(): void {
    if (this.metadata === undefined) throw bad('it ends within its header');
    if (this.at < this.view.byteLength) throw bad('it ends within a record');
  }

  /** Returns the bytes read: 0 while there is too little. */
  private readHeader(): number {
    const { view } = this;
    if (view.byteLength >= 4) {
      const magic = text(view, 0, 3);
      if (magic !== 'DBN') throw bad(`it begins with ${JSON.stringify(magic)}`);
      const version = view.getUint8(3);
      if (version < 1 || version > NEWEST)
        throw bad(`its version is ${version}, and 1 to ${NEWEST} are known`);
    }
    if (view.byteLength < PREFIX_BYTES) return 0;
    const length = view.getUint32(4, true);
    if (length < SHORTEST_HEADER || length > LONGEST_HEADER) throw bad(`its header has ${length} bytes`);
    const end = PREFIX_BYTES + length;
    if (view.byteLength < end) return 0;
    this.metadata = readMetadata(new DataView(view.buffer, 0, end));
    return end;
  }
}

function readMetadata(view: DataView): DbnMetadata {
  const version = view.getUint8(3);
  const dataset = text(view, PREFIX_BYTES, 16);
  // Dataset, schema, start, end, limit; in version 1 also the number of records.
  let at = PREFIX_BYTES + 16 + 2 + 8 + 8 + 8 + (version === 1 ? 8 : 0);
  const stypeOut = view.getUint8(at + 1);
  at += 3;
  let symbolBytes = 22;
  if (version > 1) {
    symbolBytes = view.getUint16(at, true);
    at += 2;
  }
  at += version === 1 ? 47 : 53;
  try {
    // A definition of the schema, which no version uses; symbols, and those that are there in part or not at all.
    at += 4 + view.getUint32(at, true);
    for (let list = 0; list < 3; list++) at += 4 + view.getUint32(at, true) * symbolBytes;
    const symbols = readMappings(view, at, symbolBytes);
    // 0: instruments go by their ids.
    return { version, dataset, symbols: stypeOut === 0 ? symbols : new Map() };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw bad('its header is shorter than it says');
  }
}

function readMappings(view: DataView, from: number, symbolBytes: number): Map<number, string> {
  const symbols = new Map<number, string>();
  let at = from + 4;
  for (let left = view.getUint32(from, true); left > 0; left--) {
    const symbol = text(view, at, symbolBytes);
    const intervals = view.getUint32(at + symbolBytes, true);
    at += symbolBytes + 4;
    for (let i = 0; i < intervals; i++) {
      const id = Number(text(view, at + 8, symbolBytes));
      if (Number.isInteger(id)) symbols.set(id, symbol);
      at += 8 + symbolBytes;
    }
  }
  return symbols;
}

/** ASCII up to the first zero. */
function text(view: DataView, at: number, length: number): string {
  let found = '';
  for (let i = at; i < at + length && view.getUint8(i) !== 0; i++)
    found += String.fromCharCode(view.getUint8(i));
  return found;
}

function bad(why: string): RangeError {
  return new RangeError(`Cannot read the file as DBN: ${why}`);
}
