// A file of DBN, compressed with Zstandard or not, as batches of columns: one piece of the file is in memory at a time.
import { createReadStream } from 'node:fs';
import { Decompress } from 'fzstd';
import { BATCH, type MboColumns, mboColumns, sliceColumns } from './columns.js';
import { DbnDecoder, type DbnMetadata } from './dbn.js';

/** Begins a frame of Zstandard, as a little-endian number. */
const ZSTD_MAGIC = 0xfd2fb528;

/**
 * Reads the header of a file of DBN.
 *
 * @throws As {@link readDbnFile}.
 */
export async function readDbnMetadata(path: string): Promise<DbnMetadata> {
  const decoder = new DbnDecoder();
  for await (const piece of piecesOf(path)) {
    decoder.push(piece);
    if (decoder.metadata !== undefined) return decoder.metadata;
  }
  decoder.end();
  throw new RangeError(`Cannot read ${path}: it is empty`);
}

/**
 * Reads a file of DBN. A batch is valid until the next is asked for.
 *
 * @throws {RangeError} If it is no DBN, or ends too early.
 * @throws {Error} If it can't be read, or is not what Zstandard writes.
 */
export async function* readDbnFile(path: string): AsyncGenerator<MboColumns, void, undefined> {
  const decoder = new DbnDecoder();
  const batch = mboColumns(BATCH);
  let length = 0;
  for await (const piece of piecesOf(path)) {
    decoder.push(piece);
    for (;;) {
      length = decoder.read(batch, length);
      if (length < BATCH) break;
      yield batch;
      length = 0;
    }
  }
  decoder.end();
  if (length > 0) yield sliceColumns(batch, 0, length);
}

/** What is in a file, decompressed if it was compressed. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces: Uint8Array[] = [];
  let zstd: Decompress | undefined;
  let isFirst = true;
  // A first piece has four bytes at least, if the file has.
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    if (isFirst && piece.length >= 4 && piece.readUInt32LE(0) === ZSTD_MAGIC) {
      zstd = new Decompress((bytes) => pieces.push(bytes));
    }
    isFirst = false;
    if (zstd === undefined) yield piece;
    else {
      zstd.push(piece);
      yield* pieces.splice(0);
    }
  }
  zstd?.push(new Uint8Array(0), true);
  yield* pieces.splice(0);
}
