// What the tests of sources share that workers write.
import { map } from '../../../operators/index.js';
import { type Engine, f64, type LoopWorker, type Source, struct } from '../../../src/index.js';

export const Item = struct({ n: f64 }, 'Item');
export type Item = { n: number };

/** A module whose function does this with the writer `events`, and with `journals` and `loop`. */
export function feeding(body: string): string {
  const code = `export default async (loop) => { const { journals } = loop; const { events } = journals; ${body} }`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** Writes the numbers up to `to`. */
export const counting = (to: number) => feeding(`for (let n = 0; n < ${to}; n++) events.write({ n });`);

export const double = () => map((r: Item) => ({ n: 2 * r.n }));

export const upTo = (to: number, from = 0) => Array.from({ length: to - from }, (_, i) => from + i);

/** What a subscriber is told. */
export interface Told {
  readonly seen: number[];
  end: 'complete' | { readonly error: unknown } | undefined;
  readonly ended: Promise<void>;
}

export function tell(records: { subscribe(observer: object): unknown }): Told {
  let resolve = () => {};
  const told: Told = {
    seen: [],
    end: undefined,
    ended: new Promise((settle) => {
      resolve = settle;
    }),
  };
  const end = (how: Told['end']) => {
    told.end = how;
    resolve();
  };
  records.subscribe({
    next: ({ n }: Item) => told.seen.push(n),
    error: (error: unknown) => end({ error }),
    complete: () => end('complete'),
  });
  return told;
}

/** A source that a worker writes, and what comes out of a stage behind it. */
export function feed(
  engine: Engine,
  module: string,
  options: Parameters<Engine['source']>[1] = {},
): { events: Source<Item>; told: Told; worker: LoopWorker } {
  const events = engine.source(Item, { name: 'events', ...options });
  const told = tell(events.stage(double()));
  return { events, told, worker: engine.worker(module, { events }, { name: 'feeder' }) };
}
