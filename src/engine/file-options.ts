// Options of journals in files and of replays, and their checks.
import { fail } from '../errors/index.js';
import type { Retention, SyncPolicy } from '../file/index.js';
import type { Struct } from '../schema/index.js';
import { describe } from './options.js';

/** Options of a journal that is kept in files. */
export interface FileOptions {
  /**
   * When what was written is synced, so that it outlasts a loss of power: after each `batch`; at the latest after some time
   * (`{ everyMs }`; 100 ms unless told); or `never` but when somebody awaits `durable()`, a segment is complete, or the
   * journal is closed.
   */
  readonly sync?: SyncPolicy;
  /** Bytes after which a segment is complete, from 4,096 to 2^40; 256 MiB unless told. Whole segments are dropped. */
  readonly segmentBytes?: number;
  /** Which records may be dropped, the oldest segments first: all are kept unless told. */
  readonly retention?: Retention;
  /**
   * What becomes of the pipeline when the files can't be written any more: it ends with the error (`stop`, unless told), or goes
   * on without them (`continue`).
   */
  readonly onError?: 'stop' | 'continue';
}

/** Options of a replay. */
export interface ReplayOptions {
  /** For messages and statistics; `replay` and a number unless told. */
  readonly name?: string;
  /** The sequence to begin with; `start`, the oldest one that is kept, unless told. */
  readonly from?: 'start' | number;
  /** The sequence to stop before; the end of the journal unless told. */
  readonly to?: number;
  /**
   * How fast: at `full` speed, unless told; or as they were `recorded`: by a field of theirs (see `timestamp`), or else by the
   * times at which they were written to the files, in batches.
   */
  readonly pace?: 'full' | 'recorded';
  /** With `pace: 'recorded'`: the field that says when a record happened. */
  readonly timestamp?: string;
  /** The unit of that field: `ms`, unless told. */
  readonly unit?: TimeUnit;
  /** With `pace: 'recorded'`: how many times as fast; 1 unless told. */
  readonly speed?: number;
  /** Slots of its journal, from 1 to 2^30; 16,384 unless told. */
  readonly capacity?: number;
}

export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

/** Options of a journal in files, complete. */
export interface FileSettings {
  readonly sync: SyncPolicy;
  readonly segmentBytes: number;
  readonly retention: Retention;
  readonly onError: 'stop' | 'continue';
}

const SEGMENT_BYTES = 268_435_456;
const MIN_SEGMENT_BYTES = 4_096;
const MAX_SEGMENT_BYTES = 2 ** 40;
const SYNC_MS = 100;
const UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];

type Refuse = (option: string, found: unknown, allowed: string) => void;

function refuser(what: string, options: object, known: readonly string[]): Refuse {
  if (typeof options !== 'object' || options === null)
    throw fail('OPTIONS', { what, found: describe(options), allowed: known.join(', ') });
  for (const option of Object.keys(options)) {
    if (!known.includes(option)) {
      throw fail('OPTION', { what, option, found: 'unknown', allowed: known.join(', ') });
    }
  }
  return (option, found, allowed) => {
    throw fail('OPTION', { what, option, found: describe(found), allowed });
  };
}

/**
 * Checks options of a journal in files, and completes them.
 *
 * @throws {TypeError} OPTION
 */
export function fileSettings(path: string, options: FileOptions): FileSettings {
  const what = `a journal in ${String(path)}`;
  const refuse = refuser(what, options, ['sync', 'segmentBytes', 'retention', 'onError']);
  if (typeof path !== 'string' || path === '') refuse('path', path, 'the path of a folder');
  const { sync = { everyMs: SYNC_MS }, segmentBytes = SEGMENT_BYTES } = options;
  const { retention = {}, onError = 'stop' } = options;
  if (sync !== 'batch' && sync !== 'never' && !isPositive((sync as { everyMs?: unknown }).everyMs)) {
    refuse('sync', sync, "'batch', 'never' or { everyMs: milliseconds }");
  }
  if (!(segmentBytes >= MIN_SEGMENT_BYTES && segmentBytes <= MAX_SEGMENT_BYTES)) {
    refuse('segmentBytes', segmentBytes, `a number from ${MIN_SEGMENT_BYTES} to ${MAX_SEGMENT_BYTES}`);
  }
  for (const [bound, value] of Object.entries(retention)) {
    if (!['bytes', 'ageMs', 'records'].includes(bound) || !isPositive(value)) {
      refuse(`retention.${bound}`, value, 'bytes, ageMs and records, each a positive number');
    }
  }
  if (onError !== 'stop' && onError !== 'continue') refuse('onError', onError, "'stop', 'continue'");
  return { sync, segmentBytes, retention, onError };
}

/**
 * Checks options of a replay.
 *
 * @throws {TypeError} OPTION
 */
export function checkReplayOptions(path: string, struct: Struct<unknown>, options: ReplayOptions): void {
  const known = ['name', 'from', 'to', 'pace', 'timestamp', 'unit', 'speed', 'capacity'];
  const refuse = refuser(`a replay of ${String(path)}`, options, known);
  if (typeof path !== 'string' || path === '') refuse('path', path, 'the path of a folder');
  const { from = 'start', to, pace = 'full', timestamp, unit = 'ms', speed = 1 } = options;
  if (from !== 'start' && !isSequence(from)) refuse('from', from, "'start' or a sequence");
  if (to !== undefined && !isSequence(to)) refuse('to', to, 'a sequence');
  if (typeof from === 'number' && to !== undefined && to < from)
    refuse('to', to, `a sequence not before that of \`from\`, ${from}`);
  if (pace !== 'full' && pace !== 'recorded') refuse('pace', pace, "'full', 'recorded'");
  if (!UNITS.includes(unit)) refuse('unit', unit, UNITS.join(', '));
  if (!isPositive(speed)) refuse('speed', speed, 'a positive number');
  if (timestamp === undefined) return;
  const field = struct.layout.fields.find(({ name }) => name === timestamp);
  const type = field?.type.kind === 'scalar' ? field.type.type : undefined;
  if (type === undefined || type === 'text' || type === 'bool') {
    refuse('timestamp', timestamp, 'the name of a field of numbers');
  }
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}

function isSequence(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
