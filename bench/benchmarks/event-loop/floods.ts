// Floods: pipelines whose subscribers get all that this thread can take
import { createEngine, f64, type Source, type Stage, struct } from 'roda-rx';
import { map, step } from 'roda-rx/operators';

const Value = struct({ v: f64 });
type Value = { readonly v: number };

/** Records that the amplifying stage makes of one. */
const FACTOR = 2_000;
/** Records between two turns of the event loop, where the program itself gives it turns. */
const BURST = 1_000;

/** Feeds a pipeline and resolves once a subscriber has got everything; `take` is told of each record. */
export type Flood = (records: number, take: (v: number) => void) => Promise<void>;

export const FLOODS = {
  /** Records come from an async iterable that never pauses. */
  'consume()': (records, take) =>
    throughOneStage(take, async (source) => {
      await source.consume(count(records));
    }),
  /** Records come in bursts, with a turn of the event loop between them. */
  'next() in bursts': (records, take) =>
    throughOneStage(take, async (source) => {
      for (let i = 0; i < records; i++) {
        source.next({ v: i });
        if (i % BURST === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  /** A stage in a worker makes two thousand of each record: this thread does nothing but deliver. */
  'from a worker': async (records, take) => {
    const engine = createEngine();
    // All that is given has room: this thread is not to wait, which would keep its event loop from turning.
    const source = engine.source(Value, { capacity: records / FACTOR });
    const many = source.stage(
      step(
        (r: Value, _, emit: (r: Value) => void) => {
          for (let i = 0; i < 2_000; i++) emit({ v: r.v * 2_000 + i });
        },
        { out: Value },
      ),
    );
    many.subscribe(({ v }) => take(v));
    for (let i = 0; i < records / FACTOR; i++) {
      source.next({ v: i });
      if (i % BURST === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await engine.idle();
    await engine.close();
  },
} satisfies Record<string, Flood>;

async function throughOneStage(
  take: (v: number) => void,
  feed: (source: Source<Value>) => Promise<void>,
): Promise<void> {
  const engine = createEngine();
  const source = engine.source(Value);
  const stage: Stage<Value> = source.stage(map((r) => ({ v: r.v })));
  stage.subscribe(({ v }) => take(v));
  await feed(source);
  await engine.idle();
  await engine.close();
}

async function* count(records: number): AsyncGenerator<Value> {
  for (let v = 0; v < records; v++) yield { v };
}
