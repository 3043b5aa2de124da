// Options of engines, sources, stages and subscriptions, and their checks.
import type { BackendOption } from '../compiler/index.js';
import { fail } from '../errors/index.js';
import type { JournalOptions } from '../journal/by-hand/index.js';
import type { Retain, WaitStrategy } from '../journal/index.js';
import type { TableKey } from '../operator/index.js';
import type { OnError } from '../runtime/plan.js';
import { type KeyTypes, type ScalarName, scalars } from '../schema/index.js';
import type { LoopWorkerOptions } from './custom-worker.js';

/** Options of an engine. */
export interface EngineOptions {
  /** For messages and thread names; `engine` unless told. */
  readonly name?: string;
  /**
   * Where stages run unless they say otherwise: `worker` unless told, or `inline` where memory can't be shared (a page that
   * is not cross-origin isolated). With `inline` the engine has no workers, its memory
   * is its own, and records are processed and delivered within `flush()`, `complete()`, `error()`, `idle()`.
   */
  readonly placement?: 'worker' | 'inline';
  /**
   * Bytes of the engine's memory, 1 MiB to 4 GiB; 1 GiB unless told. It takes journals, keyed states and the text table, and
   * never grows; the system commits what is used.
   */
  readonly memory?: number;
  /**
   * What workers do when there is nothing to read: `hybrid` unless told. No more of them spin than there are cores to spare
   * (see {@link WaitStrategy}).
   */
  readonly wait?: WaitStrategy;
  /** What runs its stages, unless they say otherwise: `auto` unless told (see {@link StageOptions}). */
  readonly backend?: BackendOption;
  /** Most workers that are started by themselves (named ones come on top); one less than the cores unless told, at least one. */
  readonly maxWorkers?: number;
  /**
   * Whether each worker is pinned to a core, on Linux, with the package `koffi`: in the order in which they are started to all
   * cores that the process may use but the first, and from the second on again when there are more. `false` unless told.
   */
  readonly pinCores?: boolean;
  /** How long `close()` waits before it terminates workers, in ms; 5,000 unless told. */
  readonly closeTimeoutMs?: number;
  /** Whether the engine holds the process also while it is idle, until it is closed; `false` unless told. */
  readonly keepAlive?: boolean;
  /** Most different texts in text fields, from 1 to 2^30; 65,536 unless told. */
  readonly maxTexts?: number;
  /** Most bytes of all texts together: one a character, two in texts with characters above U+00FF; 4 MiB unless told. */
  readonly maxTextBytes?: number;
}

/**
 * What happens to a record for which the source's journal has no room:
 *
 * - `block`: `next()` waits, and meanwhile delivers what waits for subscribers of its thread.
 * - `error`: `next()` throws SOURCE_FULL.
 * - `drop-newest`: the record is dropped, and counted.
 */
export type Overflow = 'block' | 'error' | 'drop-newest';

/** Options of a source. */
export interface SourceOptions {
  /** For messages and statistics; `source` and a number unless told. */
  readonly name?: string;
  /** Slots of its journal, from 1 to 2^30; 16,384 unless told, rounded up to a power of two for a ring. */
  readonly capacity?: number;
  /** What its journal keeps: `ring` unless told. */
  readonly retain?: Retain;
  /** What happens to a record for which there is no room: `block` unless told. */
  readonly overflow?: Overflow;
  /**
   * What a record that doesn't fit its struct does when it comes through `subscribe` or `consume`: ends the pipeline with
   * its error, which `consume` rejects with instead (unless told), or is dropped. A direct `next()` throws in any case.
   * Each is counted.
   */
  readonly onInvalid?: 'error' | 'skip';
  /**
   * Of how many records one is stamped with the time at which it was handed in, from 1 to 2^31 - 1; none unless told. So
   * `latency()` of the source and its stages can tell how long they took to be delivered.
   */
  readonly stampEvery?: number;
}

/**
 * Where a stage's loop runs: in a worker that the engine picks (while there are cores to spare, one of its own), in a named
 * worker shared with the other stages that name it, or on the thread of the engine. A named worker may be pinned to a core, by its
 * number, on Linux, with the package `koffi`.
 */
export type Placement = 'worker' | 'inline' | { readonly worker: string; readonly core?: number };

/** Options of a stage. */
export interface StageOptions {
  /** For messages, statistics and stack traces; `stage` and a number unless told. */
  readonly name?: string;
  /** Where its loop runs: as the engine's `placement` says unless told. */
  readonly placement?: Placement;
  /**
   * What runs its operators: compiled WebAssembly as far as that is possible, and JavaScript else (`auto`, unless told);
   * WebAssembly only, with an error that tells what can't be compiled (`wasm`); or JavaScript only (`js`). Results are the same.
   */
  readonly backend?: BackendOption;
  /** Slots of its output journal, from 1 to 2^30; 16,384 unless told, rounded up to a power of two for a ring. */
  readonly capacity?: number;
  /** What its output journal keeps: `ring` unless told. */
  readonly retain?: Retain;
  /** What a record does whose processing throws: ends the stage (`stop`, unless told), or goes to `deadLetters` (`skip`). */
  readonly onError?: OnError;
  /** Removes the stage's whole graph when it aborts; subscribers get the signal's reason as an error. */
  readonly signal?: AbortSignal;
}

/** What happens when a subscriber is too slow: the writer waits, the oldest records are lost, or it gets an error. */
export type SubscriberOverflow = 'block' | 'drop-oldest' | 'error';

/** Options of a subscription. */
export interface SubscriptionOptions {
  /**
   * Where to start, in a journal that keeps every record (`retain: 'append'`): `start`, or a sequence, counted from 0.
   * Without it: at the first record before that has been taken, afterwards at what comes next.
   */
  readonly from?: 'start' | number;
  /** What happens when the subscriber is too slow; `block` unless told. Losses are counted in `engine.stats()`. */
  readonly overflow?: SubscriberOverflow;
}

/** Options of a slot store. */
export interface SlotsOptions<K extends TableKey = TableKey> {
  /** For messages; `slots` and a number unless told. */
  readonly name?: string;
  /** The type of its keys: a scalar field type, or a tuple of 1 to 32 of them. Without it, slots have indices. */
  readonly key?: K;
}

/** What an option may be: one of some values, what passes a test, or anything that is checked elsewhere. */
type Rule = { readonly is: (value: unknown) => boolean; readonly allowed: string };
type Allowed = Readonly<Record<string, readonly unknown[] | Rule | 'any'>>;

const whole = (least: number, most: number, allowed: string): Rule => ({
  is: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  allowed: `a whole number ${allowed}`,
});
const NAME: Rule = {
  is: (value) => typeof value === 'string' && value !== '',
  allowed: 'a text of at least one character',
};
const SIGNAL: Rule = {
  is: (value) => typeof (value as AbortSignal | null)?.addEventListener === 'function',
  allowed: 'an AbortSignal',
};

const allowedOfSource: Allowed = {
  name: NAME,
  capacity: 'any',
  retain: ['ring', 'append'],
  overflow: ['block', 'error', 'drop-newest'],
  onInvalid: ['error', 'skip'],
  stampEvery: whole(1, 2 ** 31 - 1, 'from 1 to 2^31 - 1'),
};
const allowedOfStage: Allowed = {
  name: NAME,
  placement: { is: isPlacement, allowed: "'worker', 'inline', { worker: name } or { worker: name, core }" },
  capacity: 'any',
  retain: ['ring', 'append'],
  onError: ['stop', 'skip'],
  backend: ['auto', 'js', 'wasm'],
  signal: SIGNAL,
};
const allowedOfEngine: Allowed = {
  name: NAME,
  placement: ['worker', 'inline'],
  memory: 'any',
  wait: ['spin', 'hybrid', 'park'],
  backend: ['auto', 'js', 'wasm'],
  maxWorkers: whole(1, 2 ** 31 - 1, 'from 1 on'),
  closeTimeoutMs: {
    is: (value) => typeof value === 'number' && value >= 0 && value < 2 ** 31,
    allowed: 'a number of milliseconds from 0 to 2^31 - 1',
  },
  keepAlive: [true, false],
  pinCores: [true, false],
  maxTexts: whole(1, 2 ** 30, 'from 1 to 2^30'),
  maxTextBytes: whole(1, 2 ** 32, 'of bytes, from 1 to 2^32'),
};

const allowedOfJournal: Allowed = {
  name: NAME,
  capacity: 'any',
  retain: ['ring', 'append'],
  start: whole(0, Number.MAX_SAFE_INTEGER, 'from 0 to 2^53 - 1'),
};

export const checkJournalOptions = (options: JournalOptions): void =>
  check('a journal', options, allowedOfJournal);

export const checkLoopOptions = (options: LoopWorkerOptions): void =>
  check('a worker', options, { name: NAME, core: 'any', data: 'any' });

export const checkSubscriptionOptions = (options: SubscriptionOptions): void =>
  check('a subscription', options, { from: 'any', overflow: ['block', 'drop-oldest', 'error'] });
export const checkSourceOptions = (options: SourceOptions): void =>
  check('a source', options, allowedOfSource);
export const checkStateOptions = (options: object): void =>
  check('a question', options, { operator: 'any', table: NAME });
export const checkHistogramOptions = (options: object): void =>
  check('a histogram', options, { digits: 'any' });
export const checkSlotsOptions = (options: SlotsOptions): void =>
  check('a slot store', options, { name: NAME, key: 'any' });

/** The types of the keys of a slot store; undefined for one by index. */
export function keyTypesOf(key: unknown): KeyTypes | undefined {
  if (key === undefined) return undefined;
  const tuple = Array.isArray(key);
  const fields: readonly unknown[] = tuple ? key : [key];
  const types = fields.map((field) => (field as { type?: unknown } | null)?.type);
  const isKey =
    types.length >= 1 && types.length <= 32 && types.every((type) => Object.hasOwn(scalars, String(type)));
  if (isKey) return { types: types as ScalarName[], tuple };
  const allowed = 'a scalar field type, or a tuple of 1 to 32 of them';
  throw fail('OPTION', { what: 'a slot store', option: 'key', found: describe(key), allowed });
}

export const checkEngineOptions = (options: EngineOptions): void =>
  check('an engine', options, allowedOfEngine);

export const checkStageOptions = (options: StageOptions): void => check('a stage', options, allowedOfStage);

function isPlacement(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === 'worker' || value === 'inline';
  const { worker } = value as { worker?: unknown };
  return NAME.is(worker) && Object.keys(value).every((key) => key === 'worker' || key === 'core');
}

/** Checks the options of `fused()`, which are those of its source and of its stage, and its engine. */
export const checkFusedOptions = (options: object, isEngine: (value: unknown) => boolean): void => {
  const { retain: _of, ...source } = allowedOfSource;
  const { retain: _, ...stage } = allowedOfStage;
  check('fused', options, { ...source, ...stage, engine: { is: isEngine, allowed: 'an engine' } });
};

/** An option's name or value that can't be, told before anything is built. */
function check(what: string, options: object, allowed: Allowed): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw fail('OPTIONS', { what, found: describe(options), allowed: Object.keys(allowed).join(', ') });
  }
  for (const [option, value] of Object.entries(options)) {
    const rule = Object.hasOwn(allowed, option) ? allowed[option] : undefined;
    if (rule === undefined) {
      throw fail('OPTION', { what, option, found: 'unknown', allowed: Object.keys(allowed).join(', ') });
    }
    if (value === undefined || rule === 'any') continue;
    const isOne = 'is' in rule ? rule.is(value) : rule.includes(value);
    if (isOne) continue;
    const values = 'is' in rule ? rule.allowed : rule.map(describe).join(', ');
    throw fail('OPTION', { what, option, found: describe(value), allowed: values });
  }
}

/** A value as it is named in messages. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null)
    return `an object (${value.constructor?.name ?? 'Object'})`;
  return String(value);
}
