// The flights of a parquet file, one row group at a time, as columns.
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** Flights as columns of one length; row `i` of all three is one flight. */
export interface FlightColumns {
  /** Where it departed: a code of three letters. */
  readonly airport: readonly string[];
  /** When it departed, as milliseconds since 1970. */
  readonly time: Float64Array;
  /** By how many minutes it arrived late; negative if it was early. */
  readonly delay: Int32Array;
}

/** An opened file of flights. */
export interface FlightsFile {
  /** How many flights it holds. */
  readonly flights: number;
  /**
   * Reads it from the start, in order of departure. A row group is read only when the one before has been taken.
   *
   * @throws {TypeError} At an empty field.
   * @throws {RangeError} At a flight that departs before the one above it.
   */
  rowGroups(): AsyncGenerator<FlightColumns, void, undefined>;
}

/** The file that the npm package `vega-datasets` ships. */
export function defaultFlightsPath(): string {
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  return join(dirname(entry), '..', 'data', 'flights-3m.parquet');
}

/**
 * Opens a parquet file with the columns `date`, `delay` and `origin`.
 *
 * @throws {Error} If the file can't be read.
 * @throws {TypeError} If it is no parquet file, or a column is missing.
 */
export async function openFlights(path: string): Promise<FlightsFile> {
  await access(path).catch((cause: unknown) => {
    throw new Error(`Cannot read the flights: ${path} is missing; run npm install, or give another file`, {
      cause,
    });
  });
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: Error) => {
    throw new TypeError(`Cannot read the flights: ${path}: ${cause.message}`, { cause });
  });
  const found = metadata.schema.map(({ name }) => name);
  for (const column of ['date', 'delay', 'origin']) {
    if (!found.includes(column))
      throw new TypeError(`Cannot read the flights: ${path} has no column ${column}`);
  }
  return { flights: Number(metadata.num_rows), rowGroups: () => rowGroups(file, metadata) };
}

async function* rowGroups(
  file: AsyncBuffer,
  metadata: FileMetaData,
): AsyncGenerator<FlightColumns, void, undefined> {
  let rowStart = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const flights = await readRows(file, metadata, rowStart, rowEnd);
    last = checkOrder(flights.time, last, rowStart);
    yield flights;
    rowStart = rowEnd;
  }
}

function checkOrder(time: Float64Array, before: number, rowStart: number): number {
  let last = before;
  for (let i = 0; i < time.length; i++) {
    const now = time[i] as number;
    if (now < last)
      throw new RangeError(`Cannot read the flights: row ${rowStart + i} departs before the row above it`);
    last = now;
  }
  return last;
}

async function readRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<FlightColumns> {
  const rows = rowEnd - rowStart;
  const airport = new Array<string>(rows);
  const time = new Float64Array(rows);
  const delay = new Int32Array(rows);
  await parquetRead({
    file,
    metadata,
    columns: ['date', 'delay', 'origin'],
    rowStart,
    rowEnd,
    compressors,
    parsers: { timestampFromMicroseconds: (micros) => Number(micros) / 1000 },
    onChunk: ({ columnName, columnData, rowStart: first }) => {
      const at = first - rowStart;
      for (let i = 0; i < columnData.length; i++) {
        if (columnData[i] == null) {
          throw new TypeError(`Cannot read the flights: row ${first + i} has no ${columnName}`);
        }
        if (columnName === 'origin') airport[at + i] = columnData[i];
        else if (columnName === 'date') time[at + i] = columnData[i];
        else delay[at + i] = Number(columnData[i]);
      }
    },
  });
  return { airport, time, delay };
}
