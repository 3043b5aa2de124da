// A main thread that is blocked in next() while something happens to the worker in its way.
import process from 'node:process';
import type { Worker } from 'node:worker_threads';
import { createEngine, type Engine, f64, struct, u32 } from 'roda-rx';
import { map, step } from 'roda-rx/operators';
import { Arena } from '../../../src/memory/index.js';
import { summary, tell } from './tell.js';

const Reading = struct({ id: u32, value: f64 });
const same = () => map((r: { value: number }) => ({ value: r.value }));
const idle = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const threads = process.getBuiltinModule('node:worker_threads');
const { Worker: Original } = threads;
const workers: Worker[] = [];
threads.Worker = class extends Original {
  constructor(...args: ConstructorParameters<typeof Original>) {
    super(...args);
    workers.push(this);
  }
};

/** An engine with a pipeline that takes records from a source of 64 slots through one stage, and a sibling of it. */
function pipeline(doomed: ReturnType<typeof same>, closeTimeoutMs = 1_000) {
  const engine = createEngine({ closeTimeoutMs });
  const readings = engine.source(Reading, { capacity: 64 });
  const stage = readings.stage({ name: 'doomed', capacity: 64, placement: { worker: 'doomed' } }, doomed);
  const sibling = readings.stage({ name: 'sibling', placement: { worker: 'sibling' } }, same());
  let siblings = 0;
  sibling.subscribe({
    next: () => {
      siblings++;
    },
    error: () => {},
  });
  stage.subscribe({ error: (error) => tell({ error: summary(error) }) });
  return { engine, readings, stage, sibling, siblings: () => siblings };
}

/** One stretch of records, without a turn of the event loop. */
function stretch(readings: ReturnType<typeof pipeline>['readings'], records: number): void {
  for (let i = 1; i <= records; i++) readings.next({ id: 1, value: i });
}

async function close(engine: Engine): Promise<void> {
  const start = performance.now();
  const error = await engine.close().then(() => undefined, summary);
  tell({ closed: error ?? null, ms: Math.round(performance.now() - start) });
}

const exitAt = (at: number) =>
  map(
    (r: { value: number }, { at }: { at: number }) => {
      if (r.value === at) [].constructor.constructor('process.exit(1)')();
      return { value: r.value };
    },
    { using: { at } },
  );

/** Takes all the memory that the thread may have. */
const hoardAt = (at: number) =>
  map(
    (r: { value: number }, { at }: { at: number }) => {
      const hoard: object[] = [];
      while (r.value === at) hoard.push({ value: hoard.length });
      return { value: r.value };
    },
    { using: { at } },
  );

const loopAt = (at: number) =>
  step<{ value: number }, { value: number }, unknown, { at: number }>(
    (r, _state, emit, { at }) => {
      while (r.value === at);
      emit({ value: r.value });
    },
    { out: struct({ value: f64 }), using: { at } },
  );

const modes: Readonly<Record<string, () => Promise<void>>> = {
  async exit() {
    const { engine, readings, siblings } = pipeline(exitAt(1_000));
    stretch(readings, 20_000);
    await engine.idle();
    tell({ siblings: siblings() });
    await close(engine);
  },

  /** Terminated from outside. */
  async terminated() {
    const { engine, readings, stage, siblings } = pipeline(same());
    let asked = 0;
    stage.subscribe({
      next: (r) => {
        if (r.value !== 1_000) return;
        asked = performance.now();
        void (workers[0] as Worker).terminate();
      },
      error: () => tell({ noticed: Math.round(performance.now() - asked) }),
    });
    if (process.argv[3] === 'seen') {
      stretch(readings, 1);
      await engine.idle();
      await idle(50);
    }
    stretch(readings, 20_000);
    await engine.idle();
    tell({ siblings: siblings() });
    await close(engine);
  },

  async hoard() {
    const { engine, readings, siblings } = pipeline(hoardAt(1_000));
    if (process.argv[3] === 'seen') {
      stretch(readings, 1);
      await engine.idle();
      await idle(50);
    }
    stretch(readings, 20_000);
    await engine.idle();
    tell({ siblings: siblings() });
    await close(engine);
  },

  /** A thread that dies with the lock of the arena. */
  async lock() {
    const { engine, readings, siblings } = pipeline(same());
    stretch(readings, 1);
    await engine.idle();
    // The first worker is thread 2.
    const its = Arena.open(engine.core.memory, 2) as unknown as {
      lock(): void;
      allocate(words: number): void;
    };
    its.allocate(10_000);
    its.lock();
    void (workers[0] as Worker).terminate();
    const others = engine.source(Reading);
    others.next({ id: 1, value: 1 });
    stretch(readings, 20_000);
    await engine.idle();
    tell({ siblings: siblings() });
    await close(engine);
  },

  /** Closed by a subscriber while next() waits for a function that never returns. */
  async 'close in a delivery'() {
    const { engine, readings, sibling } = pipeline(loopAt(100));
    let closed: Promise<void> | undefined;
    sibling.subscribe({
      next: (r) => {
        if (r.value === 120) closed = close(engine);
      },
      complete: () => tell('sibling complete'),
      error: () => {},
    });
    stretch(readings, 20_000);
    tell({ ignored: (engine.stats().sources[0]?.ignored ?? 0) > 1_000 });
    await closed;
  },

  /** Taken down by a subscriber while next() waits for a function that never returns. */
  async 'abort in a delivery'() {
    const { engine, readings, sibling } = pipeline(loopAt(100), 300);
    const abort = new AbortController();
    readings.stage({ signal: abort.signal }, same());
    sibling.subscribe({
      next: (r) => {
        if (r.value !== 120) return;
        // The stage that never returns has had these records, too: it is in its loop by then, or else nothing is in the way.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        abort.abort(new Error('enough'));
      },
      error: () => {},
    });
    stretch(readings, 20_000);
    tell('through');
    await close(engine);
  },

  /** An inline stage between the source and a function that never returns. */
  async 'inline before a loop'() {
    const engine = createEngine({ closeTimeoutMs: 500 });
    const readings = engine.source(Reading, { capacity: 64 });
    const inline = readings.stage({ name: 'inline', placement: 'inline', capacity: 64 }, same());
    const stuck = inline.stage({ name: 'stuck' }, loopAt(10));
    stuck.subscribe({ error: (error) => tell({ error: summary(error) }) });
    for (let i = 1; i < 60; i++) readings.next({ id: 1, value: i });
    readings.flush();
    for (let i = 60; i < 120; i++) readings.tryNext({ id: 1, value: i });
    // Runs the inline stage, which has no room, before it returns.
    await close(engine);
  },

  /** An inline stage that waits for room in the middle of a record, behind which a function never returns. */
  async 'inline in the middle of a record'() {
    const engine = createEngine({ closeTimeoutMs: 500 });
    const readings = engine.source(Reading, { capacity: 64 });
    const many = step<{ value: number }, { value: number }>(
      (r, _state, emit) => {
        for (let i = 0; i < 100; i++) emit({ value: r.value });
      },
      { out: struct({ value: f64 }) },
    );
    const inline = readings.stage({ name: 'inline', placement: 'inline', capacity: 4 }, many);
    const stuck = inline.stage({ name: 'stuck' }, loopAt(1));
    stuck.subscribe({ error: (error) => tell({ error: summary(error) }) });
    readings.next({ id: 1, value: 1 });
    // Runs the inline stage before it returns.
    await close(engine);
  },

  /** A parameter that waits for the records before it, which a function never lets pass. */
  async 'parameter behind a loop'() {
    const engine = createEngine({ closeTimeoutMs: 500 });
    const factor = engine.param(1);
    const readings = engine.source(Reading);
    readings
      .stage({ name: 'stuck' }, loopAt(1))
      .stage(map((r, { factor }) => ({ v: r.value * factor }), { using: { factor } }))
      .subscribe({ error: (error) => tell({ error: summary(error) }) });
    stretch(readings, 10);
    readings.flush();
    const closed = close(engine);
    factor.value = 2;
    tell({ factor: factor.value });
    await closed;
  },
};

await (modes[process.argv[2] ?? ''] as () => Promise<void>)();
// What is queued for this turn of the event loop may still come, and do nothing.
await new Promise((resolve) => setImmediate(resolve));
tell({ resources: process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|File/.test(name)) });
