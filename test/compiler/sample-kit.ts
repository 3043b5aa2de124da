// Runs the sources of samples as stages of an engine, on a given backend.
import * as rx from 'rxjs';
import * as operators from '../../operators/index.js';
import * as roda from '../../src/index.js';
import { program } from './paste-remedy.js';

const { array, bool, createEngine, f64, i64, struct, text, u32, u53, u64 } = roda;

const Point = struct({ x: f64, y: f64 }, 'Point');
export const Reading = struct(
  {
    id: u32,
    value: f64,
    ts: u53,
    ok: bool,
    name: text,
    big: i64,
    hash: u64,
    pos: Point,
    samples: array(f64, 3),
  },
  'Reading',
);

const reading = (id: number, value: number, ts: number) => ({
  id,
  value,
  ts,
  ok: value > 2,
  name: ['ann', 'bob', 'cy'][id] as string,
  big: BigInt(value * 2),
  hash: BigInt(ts) + 2n ** 63n,
  pos: { x: value, y: -id },
  samples: [value, 0.5, id],
});

/** What goes through every sample. */
const RECORDS = [
  reading(1, 4, 10),
  reading(1, 1.5, 20),
  reading(2, 9, 30),
  reading(1, 6, 40),
  reading(0, 3, 50),
  reading(2, 9, 60),
];

type Backend = 'auto' | 'js' | 'wasm';
type Explanation = ReturnType<roda.Stage<object>['explain']>;

/** A source of records whose stages are all asked for a backend. */
function onBackend(source: { stage: unknown }, backend: Backend): unknown {
  const stage = source.stage as (...args: unknown[]) => { stage: unknown };
  return new Proxy(source, {
    get(target, name) {
      if (name !== 'stage') return Reflect.get(target, name, target);
      return (first: unknown, ...rest: unknown[]) => {
        const hasOptions = (first as { kind?: string })?.kind !== 'fused' && typeof first === 'object';
        const options = { name: 'sample', backend, ...(hasOptions ? (first as object) : {}) };
        return onBackend(stage.call(target, options, ...(hasOptions ? [] : [first]), ...rest), backend);
      };
    },
  });
}

/** The source as a function that returns the value of its last statement. */
function evaluated(source: string, scope: Readonly<Record<string, unknown>>): unknown {
  const last = program(source).body.at(-1);
  if (last?.type !== 'ExpressionStatement') throw new Error('A sample ends with its stage');
  const body = `'use strict';\n${source.slice(0, last.start)}return ${source.slice(last.start)}`;
  return new Function(...Object.keys(scope), body)(...Object.values(scope));
}

export interface Run {
  readonly explanation: Explanation;
  /** What came out, and what it ended with, if it was an error. */
  readonly results: readonly unknown[];
  readonly error?: string;
}

/**
 * Builds the stage of a source and sends the records through.
 *
 * @throws What building it throws.
 */
export async function runSample(source: string, backend: Backend): Promise<Run> {
  const engine = createEngine({ placement: 'inline' });
  try {
    const readings = engine.source(Reading);
    const scope = {
      ...roda,
      ...operators,
      op: operators,
      rx,
      engine,
      readings: onBackend(readings, backend),
    };
    const stage = evaluated(source, scope) as roda.Stage<object>;
    const results: unknown[] = [];
    let error: string | undefined;
    const ended = new Promise<void>((resolve) => {
      stage.subscribe({
        next: (record) => results.push(record),
        error: (thrown: Error) => {
          error = thrown.message;
          resolve();
        },
        complete: resolve,
      });
    });
    const explanation = stage.explain?.();
    for (const record of RECORDS) readings.next(record);
    readings.complete();
    await Promise.all([ended, engine.idle().catch(() => {})]);
    return { explanation, results, ...(error === undefined ? {} : { error }) };
  } finally {
    await engine.close();
  }
}
