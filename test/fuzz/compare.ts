// Whether what came of records agrees: values by Object.is with NaN as one value, errors by name and message.
import type { Happened, Outcome } from './world.js';

/** Equal field by field. */
export function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => same((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
  );
}

export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([name, field]) => `${name}: ${show(field)}`)
    .join(', ')} }`;
}

const isIndexError = (error: Error): boolean => (error as { code?: string }).code === 'INDEX_RANGE';

/** Errors that the engine words by the source text, which is not the same everywhere. */
const isWordedByEngine = ({ message }: Error): boolean =>
  message.startsWith('Cannot destructure') || message.startsWith('Cannot read properties');

/** Whether a backend's error is what the model's is; of an index out of range the model knows no more than the class. */
function sameError(expected: Error, got: Error, isModel: boolean): boolean {
  if (expected?.name !== got?.name) return false;
  if (expected.message === got.message || (isModel && isIndexError(got))) return true;
  return isWordedByEngine(expected) && isWordedByEngine(got);
}

type Names = readonly [expected: string, got: string];

/** What differs between what is expected and what a backend made of records; undefined if nothing does. */
export function difference(
  expected: Outcome,
  got: Outcome,
  names: Names,
  isModel: boolean,
): string | undefined {
  const [failed] = isModel ? expected.failures : [];
  // Where the model ended, the backend went on: with later records, and behind the stage that failed.
  const told = <T>(all: readonly Happened<T>[]) =>
    failed === undefined
      ? all
      : all.filter(({ index, stage }) => index <= failed.index && stage < failed.stage);
  const stages = new Set([...expected.emitted, ...got.emitted].map(({ stage }) => stage));
  for (const stage of [...stages].sort()) {
    const of = <T>(all: readonly Happened<T>[]) => told(all).filter((one) => one.stage === stage);
    let [left, right] = [of(expected.emitted), of(got.emitted)];
    if (failed !== undefined && stage >= failed.stage) {
      // What it had emitted before stands.
      left = expected.emitted.filter((one) => one.stage === stage);
      right = got.emitted.filter((one) => one.stage === stage).slice(0, left.length);
    }
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
      const [a, b] = [left[i], right[i]];
      const isSame =
        a !== undefined && b !== undefined && same(a.what, b.what) && sameIndex(a.index, b.index);
      if (!isSame)
        return `${i}th record of stage ${stage}:\n  ${names[0]}: ${showHappened(a)}\n  ${names[1]}: ${showHappened(b)}`;
    }
  }
  // A stage of the model fails once: what comes to it afterwards, perhaps of the same record, it does not see.
  const isFirst = ({ stage }: Happened<Error>, i: number) =>
    got.failures.findIndex((other) => other.stage === stage) === i;
  const failures =
    failed === undefined ? got.failures : got.failures.filter(isFirst).slice(0, expected.failures.length);
  for (let i = 0; i < Math.max(expected.failures.length, failures.length); i++) {
    const [a, b] = [expected.failures[i], failures[i]];
    const isSame =
      a !== undefined &&
      b !== undefined &&
      a.stage === b.stage &&
      sameIndex(a.index, b.index) &&
      sameError(a.what, b.what, isModel);
    if (!isSame)
      return `${i}th failure:\n  ${names[0]}: ${showHappened(a)}\n  ${names[1]}: ${showHappened(b)}`;
  }
  return undefined;
}

const sameIndex = (a: number, b: number): boolean => a < 0 || b < 0 || a === b;

const showHappened = (happened: Happened<unknown> | undefined): string =>
  happened === undefined
    ? 'nothing'
    : `${show(happened.what)} (record ${happened.index}, stage ${happened.stage})`;
