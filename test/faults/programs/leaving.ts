// A process that ends, or does not: with lines that functions have printed, with engines that nobody closes.
import process from 'node:process';
import { createEngine, f64, struct } from 'roda-rx';
import { map, tap } from 'roda-rx/operators';
import { tell } from './tell.js';

const Item = struct({ n: f64 });
const lines: string[] = [];
console.log = (...values: unknown[]) => void lines.push(values.join(' '));

const [mode, placement] = process.argv.slice(2) as [string, 'inline' | 'worker'];

/** Blocks until a stage has made so many records: all that its functions have printed before is on its way by then. */
function processed(engine: ReturnType<typeof createEngine>, records: number): void {
  const end = Date.now() + 20_000;
  while ((engine.stats().stages[0]?.recordsOut ?? 0) < records) {
    if (Date.now() > end) throw new Error('it takes too long');
  }
}

/**
 * Tells at the very end what has been printed, once the engines have had their turn. (What is printed by `console.log` itself
 * may be lost when a process exits: Node drops what a full pipe has not taken.)
 */
function tellLinesAtTheEnd(): void {
  process.on('exit', () => tell(lines));
}

/** An engine whose stage has printed so many lines, none of which was handled in a turn of the event loop. */
function printed(lines: number, name = 'line') {
  const engine = createEngine({ placement });
  const source = engine.source(Item);
  const stage = source.stage(tap((r, { name }) => console.log(name, r.n), { using: { name } }));
  for (let n = 0; n < lines; n++) source.next({ n });
  source.flush();
  processed(engine, lines);
  return { engine, source, stage };
}

const modes: Readonly<Record<string, () => void | Promise<void>>> = {
  exit() {
    printed(1_000);
    tellLinesAtTheEnd();
    process.exit(7);
  },

  'exit in a delivery'() {
    const { stage, source } = printed(10);
    tellLinesAtTheEnd();
    stage.subscribe(() => process.exit(7));
    source.next({ n: 10 });
  },

  throw() {
    printed(1_000);
    tellLinesAtTheEnd();
    throw new Error('uncaught');
  },

  'two engines'() {
    printed(10, 'first');
    printed(10, 'second');
    tellLinesAtTheEnd();
    process.exit(7);
  },

  'no listeners left'() {
    const before = process.listenerCount('exit');
    const engines = [printed(1).engine, printed(1).engine];
    const during = process.listenerCount('exit') - before;
    return Promise.all(engines.map((engine) => engine.close())).then(() => {
      tell({ during, after: process.listenerCount('exit') - before });
    });
  },

  end() {
    const engine = createEngine({ placement });
    const source = engine.source(Item);
    source.stage(tap((r) => console.log('line', r.n)));
    tellLinesAtTheEnd();
    for (let n = 0; n < 5_000; n++) source.next({ n });
  },

  /** A dead letter with which something begins that takes a while. */
  letter() {
    const engine = createEngine({ placement });
    const source = engine.source(Item);
    const stage = source.stage(
      { onError: 'skip' },
      map((r) => {
        if (r.n === 1) throw new Error('one');
        return { n: r.n };
      }),
    );
    stage.deadLetters.subscribe(({ message }) => setTimeout(() => tell(message), 10));
    for (let n = 0; n < 2; n++) source.next({ n });
  },

  /** Held by nothing but `keepAlive`. */
  async kept() {
    const keepAlive = process.argv[4] === 'true';
    const engine = createEngine({ placement, keepAlive });
    const source = engine.source(Item);
    source.stage(map((r) => ({ n: r.n }))).subscribe();
    source.next({ n: 1 });
    await engine.idle();
    tell('idle');
    setTimeout(() => {
      tell('still here');
      void engine.close().then(() => tell('closed'));
    }, 500).unref();
  },
};

await (modes[mode] as () => void | Promise<void>)();
