// Engines that have nothing to do: four workers whose stages wait, for different reasons
import { createEngine, type Engine, f64, type Source, type Stage, struct, type WaitStrategy } from 'roda-rx';
import { map } from 'roda-rx/operators';

const Value = struct({ v: f64 });
type Value = { readonly v: number };

const BURST = 100_000;
/** Few enough that everything is full at once where nobody reads. */
const HELD_CAPACITY = 64;

/** An engine at rest. */
export interface Scene {
  readonly engine: Engine;
  /** Gives records to it again, and resolves with how many came out. */
  wake(records: number): Promise<number>;
}

export const SCENES = {
  /** Its stages have seen one record, and nobody listens. */
  'one record': async (wait: WaitStrategy) => {
    const { engine, source, last } = chain(wait);
    source.next({ v: 0 });
    await engine.idle();
    return { engine, wake: (records: number) => pulled(source, last, records) };
  },
  /** Subscribers at every stage, after a burst. */
  'after a burst': async (wait: WaitStrategy) => {
    const { engine, source, stages, last } = chain(wait);
    let seen = 0;
    for (const stage of [source, ...stages]) stage.subscribe();
    last.subscribe(() => {
      seen++;
    });
    await feed(source, BURST);
    await engine.idle();
    return {
      engine,
      async wake(records: number) {
        const before = seen;
        await feed(source, records);
        await engine.idle();
        return seen - before;
      },
    };
  },
  /** A pull reader that is not read: every journal is full, every worker waits for room, and records are under way. */
  'held back': async (wait: WaitStrategy) => {
    const { engine, source, last } = chain(wait, HELD_CAPACITY);
    const reader = last.reader();
    let held = 0;
    // Full twice in a row, with time for the workers in between.
    for (let full = 0; full < 2; ) {
      if (source.tryNext({ v: 0 })) {
        held++;
        full = 0;
      } else {
        full++;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    return {
      engine,
      async wake(records: number) {
        for (let i = 0; i < held; i++) await reader.receive();
        for (let i = 0; i < records; i++) {
          source.next({ v: i });
          await reader.receive();
        }
        reader.close();
        return records;
      },
    };
  },
} satisfies Record<string, (wait: WaitStrategy) => Promise<Scene>>;

interface Chain {
  readonly engine: Engine;
  readonly source: Source<Value>;
  readonly stages: readonly Stage<Value>[];
  readonly last: Stage<Value>;
}

/** Four stages, each in a worker of its own. */
function chain(wait: WaitStrategy, capacity = 16_384): Chain {
  const engine = createEngine({ wait });
  const source = engine.source(Value, { capacity });
  const stages: Stage<Value>[] = [];
  let last: Source<Value> | Stage<Value> = source;
  for (const worker of ['first', 'second', 'third', 'fourth']) {
    last = last.stage(
      { placement: { worker }, capacity },
      map((r) => ({ v: r.v + 1 })),
    );
    stages.push(last);
  }
  return { engine, source, stages, last: last as Stage<Value> };
}

async function feed(source: Source<Value>, records: number): Promise<void> {
  for (let i = 0; i < records; i++) source.next({ v: i });
}

async function pulled(source: Source<Value>, stage: Stage<Value>, records: number): Promise<number> {
  const reader = stage.reader();
  // It begins at what is published after the writer knows of it.
  for (let came = false; !came; ) {
    source.next({ v: -1 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    came = reader.tryReceive() !== undefined;
  }
  while (reader.tryReceive() !== undefined);
  let received = 0;
  for (let i = 0; i < records; i++) {
    source.next({ v: i });
    if ((await reader.receive()) !== undefined) received++;
  }
  reader.close();
  return received;
}
