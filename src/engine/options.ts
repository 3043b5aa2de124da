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

type Allowed = Readonly<Record<string, readonly unknown[] | 'any'>>;

const allowedOfSource: Allowed = {
  name: 'any',
  capacity: 'any',
  retain: ['ring', 'append'],
  overflow: ['block', 'error', 'drop-newest'],
  onInvalid: ['error', 'skip'],
  stampEvery: 'any',
};
const allowedOfStage: Allowed = {
  name: 'any',
  placement: 'any',
  capacity: 'any',
  retain: ['ring', 'append'],
  onError: ['stop', 'skip'],
  backend: ['auto', 'js', 'wasm'],
  signal: 'any',
};
const allowedOfEngine: Allowed = {
  name: 'any',
  placement: ['worker', 'inline'],
  memory: 'any',
  wait: ['spin', 'hybrid', 'park'],
  backend: ['auto', 'js', 'wasm'],
  maxWorkers: 'any',
  closeTimeoutMs: 'any',
  keepAlive: [true, false],
  pinCores: [true, false],
  maxTexts: 'any',
  maxTextBytes: 'any',
};

const allowedOfJournal: Allowed = {
  name: 'any',
  capacity: 'any',
  retain: ['ring', 'append'],
  start: 'any',
};

export function checkJournalOptions(options: JournalOptions): void {
  check('a journal', options, allowedOfJournal);
  const { start = 0 } = options;
  if (Number.isSafeInteger(start) && start >= 0) return;
  const allowed = 'a whole number from 0 to 2^53 - 1';
  throw fail('OPTION', { what: 'a journal', option: 'start', found: describe(start), allowed });
}

export const checkLoopOptions = (options: LoopWorkerOptions): void =>
  check('a worker', options, { name: 'any', core: 'any', data: 'any' });

export const checkSubscriptionOptions = (options: SubscriptionOptions): void =>
  check('a subscription', options, { from: 'any', overflow: ['block', 'drop-oldest', 'error'] });
export function checkSourceOptions(options: SourceOptions): void {
  check('a source', options, allowedOfSource);
  const { stampEvery = 1 } = options;
  if (Number.isInteger(stampEvery) && stampEvery >= 1 && stampEvery < 2 ** 31) return;
  const allowed = 'a whole number from 1 to 2^31 - 1';
  throw fail('OPTION', { what: 'a source', option: 'stampEvery', found: describe(stampEvery), allowed });
}
export const checkSlotsOptions = (options: SlotsOptions): void =>
  check('a slot store', options, { name: 'any', key: 'any' });

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

export function checkStageOptions(options: StageOptions): void {
  check('a stage', options, allowedOfStage);
  const { placement } = options;
  const named =
    typeof placement === 'object' &&
    typeof placement.worker === 'string' &&
    Object.keys(placement).every((key) => key === 'worker' || key === 'core');
  if (placement !== undefined && placement !== 'worker' && placement !== 'inline' && !named) {
    const allowed = "'worker', 'inline', { worker: name } or { worker: name, core }";
    throw fail('OPTION', { what: 'a stage', option: 'placement', found: describe(placement), allowed });
  }
}

/** An option's name or value that can't be, told before anything is built. */
function check(what: string, options: object, allowed: Allowed): void {
  for (const [option, value] of Object.entries(options)) {
    const values = allowed[option];
    if (values === undefined) {
      throw fail('OPTION', { what, option, found: 'unknown', allowed: Object.keys(allowed).join(', ') });
    }
    if (value !== undefined && values !== 'any' && !values.includes(value)) {
      throw fail('OPTION', {
        what,
        option,
        found: describe(value),
        allowed: values.map(describe).join(', '),
      });
    }
  }
}

/** A value as it is named in messages. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (typeof value === 'object' && value !== null)
    return `an object (${value.constructor?.name ?? 'Object'})`;
  return String(value);
}
