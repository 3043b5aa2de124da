// What the tests of journals in files share: a layout of numbered records, and ways to write and read many of them.
import type { FileSystem } from '../../src/file/file-system.js';
import type { RecordLayout } from '../../src/file/header.js';
import { FileLog, type LogOptions } from '../../src/file/log.js';
import { LogReader, type ReadRange } from '../../src/file/log-reader.js';

export const FOLDER = 'journal';

/** Records that know their own sequence, twice. */
export const NUMBERED: RecordLayout = {
  name: 'Numbered',
  fingerprint: '{"a":f64,"b":f64}',
  recordBytes: 16,
  texts: [],
};

export const OPTIONS: LogOptions = { segmentBytes: 2_000, retention: {}, start: 0 };

export function openLog(files: FileSystem, options: Partial<LogOptions> = {}): Promise<FileLog> {
  return FileLog.open(files, FOLDER, NUMBERED, { ...OPTIONS, ...options });
}

/** The bytes of records from a sequence on. */
export function numbered(first: number, count: number): Uint8Array {
  const values = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) values.fill(first + i, 2 * i, 2 * i + 2);
  return new Uint8Array(values.buffer);
}

/** Appends records in one batch, in two parts, as where a ring wraps. */
export async function append(log: FileLog, count: number): Promise<void> {
  const bytes = numbered(log.next, count);
  await log.reserve(bytes.length);
  const half = 16 * Math.floor(count / 2);
  log.append(count, [bytes.subarray(0, half), bytes.subarray(half)]);
}

/** The sequences of all records from one on; throws for one that is not the one that it should be. */
export function readAll(files: FileSystem, range: ReadRange = { from: 'start' }, folder = FOLDER): number[] {
  const reader = new LogReader(files, folder, NUMBERED, range);
  const found: number[] = [];
  for (let chunk = reader.next(); chunk !== undefined; chunk = reader.next()) {
    const values = new Float64Array(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.count * 2);
    for (let i = 0; i < chunk.count; i++) {
      const [a, b] = [values[2 * i], values[2 * i + 1]];
      if (a !== chunk.first + i || b !== a) throw new Error(`record ${chunk.first + i} is ${a}, ${b}`);
      found.push(a);
    }
  }
  return found;
}

export function range(first: number, next: number): number[] {
  return Array.from({ length: next - first }, (_, i) => first + i);
}
