// Subscribes to fused() thousands of times, in every way that a subscription can end, and prints what is left as it goes on.
import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import process from 'node:process';
import { createEngine, fused } from 'roda-rx';
import { map, stateful, tap } from 'roda-rx/operators';
import { catchError, EMPTY, firstValueFrom, from, NEVER, of, Subject } from 'rxjs';
import { tap as rxTap, take, toArray } from 'rxjs/operators';
import { Reading, reading } from './pipelines.js';

/** What is there after a number of subscriptions, once all is quiet and collected. */
export interface Snapshot {
  readonly subscriptions: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Bytes taken of the engine's memory; of its own engine only. */
  readonly arenaBytes: number;
  readonly threads: number;
  readonly listeners: number;
}

const [placement, whose, last] = process.argv.slice(2) as ['inline' | 'worker', 'own' | 'default', string];
const engine = whose === 'own' ? createEngine({ placement }) : undefined;
const { signal } = new AbortController();
const options = { placement, signal, ...(engine && { engine }) } as const;

const pipeline = fused(
  Reading,
  options,
  map((r) => {
    if (r.value === 13) throw new Error('thirteen');
    return { id: r.id, value: r.value, ts: r.ts };
  }),
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, n: 1 }),
    (s) => {
      s.n++;
    },
  ),
);
// Collects garbage where the stages run.
const collect = fused(
  Reading,
  options,
  tap(() => {
    [].constructor.constructor('gc(); gc();')();
  }),
);
const many = Array.from({ length: 40 }, (_, i) => reading(i % 5, 100 + i));

const ways: Array<() => unknown> = [
  // Completes with its input.
  () => firstValueFrom(from(many).pipe(pipeline, toArray())),
  // Is left within a delivery.
  () => firstValueFrom(from(many).pipe(pipeline, take(7), toArray())),
  // Is left before the first record.
  () => NEVER.pipe(pipeline).subscribe().unsubscribe(),
  // Fails in mid-stream.
  () =>
    firstValueFrom(
      of(reading(1, 1), reading(1, 13)).pipe(
        pipeline,
        catchError(() => EMPTY),
        toArray(),
      ),
    ),
  // Is refused a record.
  () =>
    firstValueFrom(
      of(reading(1, 1), reading(-1, 1)).pipe(
        pipeline,
        catchError(() => EMPTY),
        toArray(),
      ),
    ),
  // Is left with records in flight.
  () => {
    const input = new Subject<ReturnType<typeof reading>>();
    const subscription = input.pipe(pipeline).subscribe();
    for (const record of many) input.next(record);
    subscription.unsubscribe();
  },
  // Is left by its own listener, and its input has not ended.
  () =>
    new Promise<void>((resolve) => {
      const input = new Subject<ReturnType<typeof reading>>();
      const subscription = input
        .pipe(
          pipeline,
          rxTap(() => subscription.unsubscribe()),
        )
        .subscribe();
      subscription.add(resolve);
      input.next(reading(1, 1));
    }),
];

async function snapshot(subscriptions: number): Promise<Snapshot> {
  await engine?.idle();
  for (let i = 0; i < 3; i++) {
    await firstValueFrom(of(reading(0, 0)).pipe(collect));
    gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { rss, heapUsed } = process.memoryUsage();
  return {
    subscriptions,
    rssBytes: rss,
    heapBytes: heapUsed,
    arenaBytes: engine?.stats().memoryUsed ?? 0,
    threads: process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0,
    listeners:
      getEventListeners(signal, 'abort').length +
      process.eventNames().reduce((sum, name) => sum + process.listenerCount(name as 'exit'), 0),
  };
}

const snapshots: Snapshot[] = [];
const subscriptions = Number(last);
for (let i = 1; i <= subscriptions; i++) {
  await ways[i % ways.length]?.();
  if (i % (subscriptions / 10) === 0) snapshots.push(await snapshot(i));
}
await engine?.close();
console.log(JSON.stringify(snapshots));
