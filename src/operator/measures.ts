// What operators measure with, as they declare it: the engine that takes them in makes it, or finds it by its name.
import { fail } from '../errors/index.js';
import type { HistogramDigits, HistogramShape, Measure } from '../journal/index.js';
import { isFused } from './fused.js';
import { checkOptions } from './options.js';

/** Something to measure with that has a name and no place yet. */
export type MeasureRequest =
  | {
      readonly kind: 'measure-request';
      readonly what: 'latency';
      readonly name: string;
      readonly every: number;
      readonly digits: HistogramDigits;
    }
  | { readonly kind: 'measure-request'; readonly what: 'progress'; readonly name: string };

/** A histogram that functions of a stage may record in, given with `using`. */
export interface HistogramSink {
  readonly kind: 'histogram';
  readonly shape: HistogramShape;
}

/** A histogram as functions of a stage see it. */
export interface RecordsValues {
  /** Counts a value: from 0 to 2^53 - 1; fractions don't count, what is less or no number counts as 0. */
  record(value: number): void;
}

/** Something to measure with, in its place: what the engine makes of a request or a sink. */
export interface PlacedMeasure {
  readonly kind: 'placed-measure';
  readonly measure: Measure;
}

/** The stop watch of `latency`, as steps see it. */
export interface Watch {
  begin(): void;
  pause(): void;
  resume(): void;
  end(): void;
}

const isOfKind = (value: unknown, kind: string): boolean =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === kind;

export function isMeasureRequest(value: unknown): value is MeasureRequest {
  return isOfKind(value, 'measure-request');
}

export function isHistogramSink(value: unknown): value is HistogramSink {
  return isOfKind(value, 'histogram') && 'shape' in (value as object);
}

export function isPlacedMeasure(value: unknown): value is PlacedMeasure {
  return isOfKind(value, 'placed-measure');
}

/** How a measure is named and how often it is taken. */
export interface LatencyOptions {
  /** By which `engine.histogram(name)` finds what was measured. */
  readonly name: string;
  /** Of how many records one is timed, from 1 to 2^31 - 1; 1 unless told, which times each. */
  readonly every?: number;
  /** How many significant digits are kept of a time, 1, 2 or 3; 2 unless told: within 0.8 %. */
  readonly digits?: HistogramDigits;
}

/**
 * Declares a stop watch among the constants of steps. All steps that are given it have one watch.
 *
 * @throws {TypeError} OPTION for an option that can't be.
 */
export function watch(operator: string, given: string | LatencyOptions): Watch {
  const options = typeof given === 'string' ? { name: given } : given;
  if (options !== undefined && !isFused(options))
    checkOptions(operator, options, ['name', 'every', 'digits']);
  const { every = 1, digits = 2 } = options ?? {};
  const name = checkName(operator, options?.name);
  if (!(Number.isInteger(every) && every >= 1 && every < 2 ** 31))
    throw wrong(operator, 'every', every, 'a whole number from 1 to 2^31 - 1');
  checkDigits(operator, digits);
  const request: MeasureRequest = { kind: 'measure-request', what: 'latency', name, every, digits };
  return request as unknown as Watch;
}

/**
 * Declares a counter of records among the constants of a step.
 *
 * @throws {TypeError} OPTION for a name that can't be.
 */
export function passes(operator: string, given: unknown): { pass(): void } {
  const request: MeasureRequest = {
    kind: 'measure-request',
    what: 'progress',
    name: checkName(operator, given),
  };
  return request as unknown as { pass(): void };
}

/** @throws {TypeError} OPTION */
export function checkDigits(what: string, digits: unknown): asserts digits is HistogramDigits {
  if (digits !== 1 && digits !== 2 && digits !== 3) throw wrong(what, 'digits', digits, '1, 2 or 3');
}

/** @throws {TypeError} OPTION */
export function checkName(what: string, name: unknown): string {
  if (typeof name === 'string' && name !== '') return name;
  throw wrong(what, 'name', name, 'a text of at least one character');
}

function wrong(what: string, option: string, found: unknown, allowed: string): Error {
  return fail('OPTION', { what, option, found: String(found), allowed });
}
