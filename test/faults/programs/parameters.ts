// A main thread that sets a live parameter while what is under way can't pass without it, or not at all.
import process from 'node:process';
import { createEngine, type Engine, type Param, type Source, type Stage, struct, u32 } from 'roda-rx';
import { map } from 'roda-rx/operators';
import { summary, tell } from './tell.js';

const Item = struct({ n: u32 });
type Item = { n: number };
type Product = { n: number; by: number };
type Placement = 'worker' | 'inline';

/** A source with 64 slots, and a stage with 4 that shows which value of the parameter each record was taken under. */
function pipeline(placement: Placement): {
  engine: Engine;
  by: Param;
  items: Source<Item>;
  products: Stage<Product>;
} {
  const engine = createEngine({ placement });
  const by = engine.param(1);
  const items = engine.source(Item, { capacity: 64 });
  const products = items.stage(
    { capacity: 4 },
    map((r, { by }) => ({ n: r.n, by }), { using: { by } }),
  );
  return { engine, by, items, products };
}

function write(items: Source<Item>, from: number, to: number): void {
  for (let n = from; n < to; n++) items.next({ n });
}

const modes: Readonly<Record<string, (placement: Placement) => Promise<void>>> = {
  /** Nobody reads on unless this thread does. */
  async 'pull reader'(placement) {
    const { engine, by, items, products } = pipeline(placement);
    const reader = products.reader();
    write(items, 0, 20);
    by.value = 2;
    tell({ by: by.value });
    write(items, 20, 22);
    const seen: Product[] = [];
    while (seen.length < 22) {
      const product = reader.tryReceive();
      if (product === undefined) items.flush();
      else seen.push(product);
    }
    tell({ read: seen.map(({ n }) => n), last: seen.slice(-2).map(({ by }) => by) });
    await engine.close();
  },

  /** Nobody reads on unless the listener that sets it returns. */
  async 'its own listener'(placement) {
    const { engine, by, items, products } = pipeline(placement);
    const seen: Product[] = [];
    products.subscribe((product) => {
      seen.push(product);
      if (product.n !== 0) return;
      by.value = 2;
      tell({ by: by.value });
    });
    write(items, 0, 60);
    await engine.idle();
    tell({ read: seen.map(({ n }) => n), last: seen.slice(-2).map(({ by }) => by) });
    await engine.close();
  },

  /** A listener has to be called for the records before to pass. */
  async 'another listener'(placement) {
    const { engine, by, items, products } = pipeline(placement);
    const seen: Product[] = [];
    products.subscribe((product) => seen.push(product));
    write(items, 0, 60);
    by.value = 2;
    tell({ by: by.value });
    write(items, 60, 62);
    await engine.idle();
    tell({ read: seen.map(({ n }) => n), last: seen.slice(-3).map(({ by }) => by) });
    await engine.close();
  },

  /** The worker that has to let the records pass dies, and only this thread can find out. */
  async 'dead worker'(placement) {
    const engine = createEngine({ placement });
    const by = engine.param(1);
    const items = engine.source(Item, { capacity: 64 });
    const doomed = map(
      (r: Item, { by }: { by: number }) => {
        let spins = 0;
        while (spins < 1_000_000) spins++;
        if (r.n === 20) [].constructor.constructor('process.exit(1)')();
        return { n: r.n, by, spins };
      },
      { using: { by } },
    );
    items.stage({ name: 'doomed' }, doomed).subscribe({ error: (error) => tell({ error: summary(error) }) });
    write(items, 0, 60);
    by.value = 2;
    tell({ by: by.value });
    await engine.idle();
    await engine.close();
  },
};

const [, , mode = '', placement] = process.argv;
await (modes[mode] as (placement: Placement) => Promise<void>)(placement as Placement);
