// Options of engines, sources, stages and subscriptions, and their checks.
import { fail } from '../errors/index.js';
import type { Retain, WaitStrategy } from '../journal/index.js';
import type { OnError } from '../runtime/plan.js';

/** Options of an engine. */
export interface EngineOptions {
  /** For messages and thread names; `engine` unless told. */
  readonly name?: string;
  /** Where stages run unless they say otherwise. With `inline` the engine has no workers and its memory is its own. */
  readonly placement?: 'worker' | 'inline';
  /** Bytes of the engine's memory, 1 MiB to 4 GiB; 1 GiB unless told. The system commits what is used. */
  readonly memory?: number;
  /** What workers do when there is nothing to read: `hybrid` unless told. */
  readonly wait?: WaitStrategy;
  /** Most workers; one less than the cores unless told, at least one. */
  readonly maxWorkers?: number;
  /** How long `close()` waits before it terminates workers, in ms; 5,000 unless told. */
  readonly closeTimeoutMs?: number;
  /** Whether the engine holds the process also while it is idle. */
  readonly keepAlive?: boolean;
  /** Most different texts in text fields; 65,536 unless told. */
  readonly maxTexts?: number;
  /** Most bytes of all texts together, in UTF-8; 4 MiB unless told. */
  readonly maxTextBytes?: number;
}

/** What happens to a record for which the source's journal has no room. */
export type Overflow = 'block' | 'error' | 'drop-newest';

/** Options of a source. */
export interface SourceOptions {
  readonly name?: string;
  /** Slots of its journal; 16,384 unless told, rounded up to a power of two for a ring. */
  readonly capacity?: number;
  readonly retain?: Retain;
  readonly overflow?: Overflow;
  /** What a record that doesn't fit its struct does when it comes through `subscribe`: ends the pipeline, or is counted. */
  readonly onInvalid?: 'error' | 'skip';
}

/** Where a stage's loop runs: in a worker that the engine picks, in a named worker shared with others, or here. */
export type Placement = 'worker' | 'inline' | { readonly worker: string };

/** Options of a stage. */
export interface StageOptions {
  readonly name?: string;
  readonly placement?: Placement;
  /** Slots of its output journal; 16,384 unless told, rounded up to a power of two for a ring. */
  readonly capacity?: number;
  readonly retain?: Retain;
  readonly onError?: OnError;
  /** Removes the stage's whole graph when it aborts; subscribers get the signal's reason as an error. */
  readonly signal?: AbortSignal;
}

/** What happens to a record for which a subscriber is too slow. */
export type SubscriberOverflow = 'block' | 'drop-oldest' | 'drop-newest' | 'error';

/** Options of a subscription. */
export interface SubscriptionOptions {
  /** Where to start, in a journal that keeps every record: `start` or a sequence. */
  readonly from?: 'start' | number;
}

type Allowed = Readonly<Record<string, readonly unknown[] | 'any'>>;

const allowedOfSource: Allowed = {
  name: 'any',
  capacity: 'any',
  retain: ['ring', 'append'],
  overflow: ['block', 'error', 'drop-newest'],
  onInvalid: ['error', 'skip'],
};
const allowedOfStage: Allowed = {
  name: 'any',
  placement: 'any',
  capacity: 'any',
  retain: ['ring', 'append'],
  onError: ['stop', 'skip'],
  signal: 'any',
};
const allowedOfEngine: Allowed = {
  name: 'any',
  placement: ['worker', 'inline'],
  memory: 'any',
  wait: ['spin', 'hybrid', 'park'],
  maxWorkers: 'any',
  closeTimeoutMs: 'any',
  keepAlive: [true, false],
  maxTexts: 'any',
  maxTextBytes: 'any',
};

export const checkSourceOptions = (options: SourceOptions): void =>
  check('a source', options, allowedOfSource);
export const checkEngineOptions = (options: EngineOptions): void =>
  check('an engine', options, allowedOfEngine);

export function checkStageOptions(options: StageOptions): void {
  check('a stage', options, allowedOfStage);
  const { placement } = options;
  const named = typeof placement === 'object' && typeof placement.worker === 'string';
  if (placement !== undefined && placement !== 'worker' && placement !== 'inline' && !named) {
    const allowed = "'worker', 'inline' or { worker: name }";
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
