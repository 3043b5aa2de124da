// The pump: the engine's share of its thread's event loop. It delivers, watches, and sleeps when all is quiet.
import { ring, sleepUntilRungAsync } from '../journal/index.js';
import { canSleepAsync } from '../memory/index.js';
import { platform } from '../runtime/platform/index.js';
import type { Engine } from './engine.js';
import { Slice } from './slice.js';

/** How long a turn delivers before the event loop gets its own turn. */
const SLICE_MS = 4;
/**
 * How often it looks, before its first turn, for what comes of a record that came alone: about a microsecond, less than a turn
 * of the event loop takes.
 */
const LOOKS = 100;
/** Turns that only look whether something has come, after one that has found nothing: a record that comes is seen the sooner. */
const GLANCES = 8;
/** How long it polls on every turn of the event loop while it waits for workers. */
const POLL_MS = 2;
/** Longest sleep while something is under way in workers. */
const SLEEP_MS = 20;

/** Somebody who waits; `poll` resumes them when it can, and says whether somebody still waits. */
export interface Watcher {
  poll(): boolean;
}

export class Pump {
  private readonly engine: Engine;
  private readonly watchers = new Set<Watcher>();
  private running = false;
  private stopped = false;
  /** Ends the sleep that it is in. */
  private resume: (() => void) | undefined;
  /** When it last delivered something, or began; not told before the first turn. */
  private lastWork = Number.POSITIVE_INFINITY;
  /** Turns left that only look. */
  private glances = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Ends for good, once nothing can be under way any more; whoever still waits is asked a last time. */
  stop(): void {
    for (const watcher of this.watchers) watcher.poll();
    this.stopped = true;
    this.resume?.();
  }

  /** Starts the pump, unless it runs. */
  wake(): void {
    if (this.stopped) return;
    if (this.resume !== undefined) {
      // Without shared memory nobody listens to the bell.
      platform().nextTurn(this.resume);
      this.resume = undefined;
      ring(this.engine.memory, this.engine.bell);
    }
    if (this.running) return;
    this.running = true;
    this.lastWork = Number.POSITIVE_INFINITY;
    this.glances = GLANCES;
    queueMicrotask(this.begin);
  }

  /** Polls a watcher until nobody waits there. */
  watch(watcher: Watcher): void {
    this.watchers.add(watcher);
    this.wake();
  }

  /** A reader of this thread has made room: whoever waits for some is to be asked. */
  stir(): void {
    if (this.watchers.size > 0) this.wake();
  }

  /** Whether nothing is under way any more. */
  private get isDone(): boolean {
    const { activeGraphs, disposal, files } = this.engine;
    return activeGraphs.size === 0 && disposal.isDone && !files.isAwaited;
  }

  private readonly begin = (): void => {
    if (this.stopped) return;
    const { engine } = this;
    const looks = engine.placement === 'inline' ? 0 : LOOKS;
    const slice = new Slice(SLICE_MS);
    for (let i = 0; i < looks && !engine.drain(slice); i++);
    platform().nextTurn(this.turn);
  };

  private readonly turn = (): void => {
    if (this.stopped) return;
    const { engine } = this;
    const slice = new Slice(SLICE_MS);
    // What waits for listeners goes first: all else can be done once they know.
    let worked = engine.drain(slice);
    for (const graph of engine.activeGraphs) graph.source.endBurst();
    if (!worked && this.glances > 0 && this.watchers.size === 0 && !engine.inline.isReady()) {
      this.glances--;
      platform().nextTurn(this.turn);
      return;
    }
    const start = performance.now();
    worked = this.work(slice) || worked;
    // Before whoever waits is asked: what had been published by then is seen by them, so that nobody is left waiting for it.
    if (!worked) this.dropQuiet();
    if (worked || start < this.lastWork) this.lastWork = start;
    for (const watcher of [...this.watchers]) if (!watcher.poll()) this.watchers.delete(watcher);
    if (!engine.disposal.reap()) engine.disposal.terminateLate();
    if (this.isDone) engine.handleMessages();
    if (this.isDone) {
      // Who still waits for a record is woken by the next one that is taken.
      this.running = false;
      return;
    }
    const polls = worked || start - this.lastWork < POLL_MS;
    this.glances = polls ? GLANCES : 0;
    if (polls) platform().nextTurn(this.turn);
    else this.sleep();
  };

  /** Runs inline stages and delivers, for a slice of time. Whether there was something to do. */
  private work(slice: Slice): boolean {
    const { engine } = this;
    for (let worked = false; ; worked = true) {
      const ran = engine.runInline();
      if (!engine.drain(slice) && !ran) return worked;
      if (slice.isOver(performance.now())) return true;
    }
  }

  /** Lets go of graphs that nothing can come of until this thread, or a listener, gives them something. */
  private dropQuiet(): void {
    const { activeGraphs } = this.engine;
    for (const graph of activeGraphs) if (graph.isQuiet && !graph.isFed) activeGraphs.delete(graph);
  }

  /** Sleeps until a worker rings; the timer is both the safety net and what holds the process. */
  private sleep(): void {
    const { engine } = this;
    let resumed = false;
    const resume = (rung: boolean) => {
      if (resumed) return;
      resumed = true;
      clearTimeout(timer);
      this.resume = undefined;
      // More is likely to come. After the time alone, it looks once and goes on sleeping.
      if (rung) this.lastWork = performance.now();
      this.turn();
    };
    this.resume = () => resume(true);
    const { memory, bell } = engine;
    const timer = setTimeout(() => {
      if (!resumed) ring(memory, bell);
      resume(false);
    }, SLEEP_MS);
    if (canSleepAsync && memory.shared) {
      const isReady = () => engine.hasDeliveries || engine.inline.isReady();
      void sleepUntilRungAsync(memory, bell, isReady, SLEEP_MS, () => resumed).then(resume);
    }
  }
}
