// Chains of three stages in every placement, and what it takes to fill them and to empty them.
import { vi } from 'vitest';
import { map, step } from '../../operators/index.js';
import {
  type Engine,
  type EngineOptions,
  f64,
  type Placement,
  type PullReader,
  type Source,
  type SourceStats,
  type Stage,
  type StageStats,
  struct,
} from '../../src/index.js';

export const Item = struct({ n: f64 }, 'Item');
export type Item = { n: number };

/** Passes records on. */
export const same = () => map((r: Item) => ({ n: r.n }));

/** Makes `times` records of each, numbered on: of 0, 1, … come 0 to `times` - 1, `times` to 2 `times` - 1, … */
export const burst = (times: number) =>
  step(
    (r: Item, _state, emit: (record: Item) => void, { times }) => {
      for (let i = 0; i < times; i++) emit({ n: r.n * times + i });
    },
    { out: Item, using: { times } },
  );

/** Takes its time for each record, a few milliseconds, and makes none. */
export const slow = () =>
  step(
    (r: Item, _state, emit: (record: Item) => void) => {
      let x = r.n;
      for (let i = 0; i < 1_000_000; i++) x = (x * 7 + i) % 1_000_003;
      if (x < 0) emit({ n: x });
    },
    { out: Item },
  );

/** 0, 1, … up to `count`. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** Where the three stages of a chain run. */
export interface Layout {
  readonly title: string;
  readonly engine: EngineOptions;
  readonly stages?: readonly Placement[];
}

const a: Placement = { worker: 'a' };
const b: Placement = { worker: 'b' };

export const LAYOUTS: readonly Layout[] = [
  { title: 'inline', engine: { placement: 'inline' } },
  // These run through each other, as one group.
  { title: 'in one worker', engine: { maxWorkers: 1 } },
  { title: 'in a worker each', engine: { maxWorkers: 3 } },
  // The first and the third are groups of one worker.
  { title: 'in two workers, there and back', engine: {}, stages: [a, b, a] },
  { title: 'inline between two workers', engine: {}, stages: [a, 'inline', b] },
  { title: 'in a worker between inline stages', engine: {}, stages: ['inline', a, 'inline'] },
];

/** The journals of a chain in order: where it may be full. */
export const PLACES = ['source', 'a', 'b', 'c'] as const;
export type Place = (typeof PLACES)[number];

export interface Chain {
  readonly source: Source<Item>;
  readonly a: Stage<Item>;
  readonly b: Stage<Item>;
  readonly c: Stage<Item>;
}

/** A chain whose journals have these capacities, of stages that pass records on unless told. */
export function chain(
  engine: Engine,
  layout: Layout,
  capacities: readonly [number, number, number, number],
  operators = [same(), same(), same()],
): Chain {
  const source = engine.source(Item, { name: 'source', capacity: capacities[0] });
  let last: Source<Item> | Stage<Item> = source;
  const stages = (['a', 'b', 'c'] as const).map((name, i) => {
    const placement = layout.stages?.[i];
    const options = {
      name,
      capacity: capacities[i + 1] as number,
      ...(placement === undefined ? {} : { placement }),
    };
    last = last.stage(options, operators[i] as ReturnType<typeof same>);
    return last;
  });
  return { source, a: stages[0] as Stage<Item>, b: stages[1] as Stage<Item>, c: stages[2] as Stage<Item> };
}

/** The statistics of a source or a stage, together: what one of them does not count is missing. */
export function statsOf(engine: Engine, name: string): SourceStats & StageStats {
  const { sources, stages } = engine.stats();
  const found = [...sources, ...stages].find((stats) => stats.name === name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found as SourceStats & StageStats;
}

/** Gives records 0, 1, … to a source until the journals of the places, and its own, are full. Returns how many. */
export async function fill(engine: Engine, source: Source<Item>, ...places: string[]): Promise<number> {
  let taken = 0;
  const isFull = (name: string) => {
    const { occupancy, capacity } = statsOf(engine, name);
    return occupancy === capacity;
  };
  await vi.waitUntil(
    () => {
      while (source.tryNext({ n: taken })) taken++;
      return [source.name, ...places].every(isFull);
    },
    { timeout: 20_000, interval: 1 },
  );
  return taken;
}

/** Reads to the end; the error that it ended with comes last. */
export async function readAll(reader: PullReader<Item>): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for (;;) {
      const record = await reader.receive();
      if (record === undefined) return seen;
      seen.push(record.n);
    }
  } catch (error) {
    return [...seen, error];
  }
}

/** Blocks the thread until something holds; false if it does not within ten seconds. */
export function spinUntil(holds: () => boolean): boolean {
  const end = Date.now() + 10_000;
  while (Date.now() < end) if (holds()) return true;
  return false;
}
