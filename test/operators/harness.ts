// Runs records through operators, in an inline engine and in their reference models.
import { from, lastValueFrom, type Observable, type OperatorFunction, toArray } from 'rxjs';
import { expect } from 'vitest';
import * as operators from '../../operators/index.js';
import { createEngine, type EngineOptions, type Source, type Stage, type Struct } from '../../src/index.js';
import * as models from '../models/index.js';

/** What became of records: what came out, and the error it ended with, if any. */
export interface Outcome<R> {
  readonly values: R[];
  readonly error: unknown;
}

/** Sends records through what `build` makes of a source, until the end. */
export function outcome<T, R>(
  struct: Struct<T>,
  records: readonly T[],
  build: (source: Source<T>) => Stage<R>,
  options: EngineOptions = {},
): Outcome<R> {
  const engine = createEngine({ placement: 'inline', ...options });
  const source = engine.source(struct);
  const values: R[] = [];
  let error: unknown;
  try {
    build(source).subscribe({
      next: (record) => values.push(record),
      error: (thrown) => {
        error = thrown;
      },
    });
    for (const record of records) source.next(record);
    source.complete();
  } finally {
    void engine.close();
  }
  return { values, error };
}

/** What comes out of operators, which must not fail. */
export function run<T, R>(
  struct: Struct<T>,
  records: readonly T[],
  build: (source: Source<T>) => Stage<R>,
): R[] {
  const { values, error } = outcome(struct, records, build);
  if (error !== undefined) throw error;
  return values;
}

/** Holds an operator to its model: both are made by the same call. Returns what came out. */
export async function agree<T, R>(
  struct: Struct<T>,
  records: readonly T[],
  // biome-ignore lint/suspicious/noExplicitAny: the operators and the models have the same signatures but for `using`.
  make: (ops: any) => unknown,
): Promise<R[]> {
  const byModel = from(records) as Observable<T>;
  const operator = make(models) as OperatorFunction<T, R>;
  const expected = await lastValueFrom(byModel.pipe(operator, toArray()));
  const values = run(struct, records, (source) => source.stage(make(operators) as never) as Stage<R>);
  expect(values).toEqual(expected);
  return values;
}
