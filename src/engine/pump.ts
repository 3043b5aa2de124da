// The pump: the engine's share of its thread's event loop. It delivers, watches, and sleeps when all is quiet.
import { ring, sleepUntilRungAsync } from '../journal/index.js';
import { canSleepAsync } from '../memory/index.js';
import { platform } from '../runtime/platform/index.js';
import type { Engine } from './engine.js';

/** How long a turn delivers before the event loop gets its own turn. */
const SLICE_MS = 4;
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
  private asleep = false;
  private lastWork = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Starts the pump, unless it runs. */
  wake(): void {
    if (this.asleep) {
      this.asleep = false;
      ring(this.engine.memory, this.engine.bell);
    }
    if (this.running) return;
    this.running = true;
    this.lastWork = performance.now();
    platform().nextTurn(this.turn);
  }

  /** Polls a watcher until nobody waits there. */
  watch(watcher: Watcher): void {
    this.watchers.add(watcher);
    this.wake();
  }

  private readonly turn = (): void => {
    const { engine } = this;
    const start = performance.now();
    // Asked first: what was published before is then seen by all that follows, so that nobody is left waiting for it.
    const quiet = [...engine.activeGraphs].filter((graph) => graph.isQuiet);
    let worked = false;
    while (engine.runInline() || engine.drain()) {
      worked = true;
      if (performance.now() - start > SLICE_MS) break;
    }
    for (const watcher of [...this.watchers]) if (!watcher.poll()) this.watchers.delete(watcher);
    if (!engine.disposal.reap()) engine.disposal.terminateLate();
    if (worked) this.lastWork = performance.now();
    if (!worked) for (const graph of quiet) engine.activeGraphs.delete(graph);
    if (engine.activeGraphs.size === 0 && engine.disposal.isDone) {
      // Who still waits for a record is woken by the next one that is taken.
      this.running = false;
      return;
    }
    if (worked || performance.now() - this.lastWork < POLL_MS) platform().nextTurn(this.turn);
    else this.sleep();
  };

  /** Sleeps until a worker rings; the timer is both the safety net and what holds the process. */
  private sleep(): void {
    const { engine } = this;
    this.asleep = true;
    let resumed = false;
    const resume = () => {
      if (resumed) return;
      resumed = true;
      clearTimeout(timer);
      this.asleep = false;
      this.lastWork = performance.now();
      this.turn();
    };
    const timer = setTimeout(resume, SLEEP_MS);
    if (canSleepAsync && engine.memory.shared) {
      const isReady = () => engine.hasDeliveries || engine.inline.isReady();
      void sleepUntilRungAsync(engine.memory, engine.bell, isReady, SLEEP_MS).then(resume);
    }
  }
}
