// A worker as the engine sees it.
import { fail } from '../errors/index.js';
import { createBell, freeBell, isWriterWaiting, ring } from '../journal/index.js';
import { LINE_CELLS, LINE_WORDS, RegionKind } from '../memory/index.js';
import type { Failure, Thrown } from '../runtime/failure.js';
import { Control, type FromWorker, type LoopPlan, type Pin, type WorkerCrowd } from '../runtime/messages.js';
import type { WorkerLink } from '../runtime/platform/index.js';
import { platform } from '../runtime/platform/index.js';
import type { StateAnswer, StateQuery } from '../runtime/state-query.js';
import { gone } from '../runtime/state-query.js';
import { workerSource } from '../runtime/worker-source.js';
import type { Engine } from './engine.js';
import { failGroup } from './fail-group.js';
import type { PlacedGroup } from './graph.js';
import type { Host } from './host.js';
import type { StageNode } from './stage-node.js';

/**
 * Is told of the end of a user's loop.
 *
 * @param thrown What it failed of, if it did.
 * @param cut Where its thread ended before it did: what that died of, also if it was to.
 */
export type LoopEnd = (thrown: Thrown | undefined, cut?: Thrown) => void;

export class WorkerHost implements Host {
  readonly name: string;
  readonly bell: number;
  /** Stages that it was picked for, and that still have memory. */
  stages = 0;
  /** The number by which the arena knows its thread. */
  readonly thread: number;
  readonly rank: number;
  /** The core that it is pinned to. */
  readonly core: number | undefined;
  private readonly engine: Engine;
  private readonly control: number;
  private readonly link: WorkerLink;
  private readonly groups: PlacedGroup[] = [];
  private gone = false;
  /** What it died of, if that is known. */
  private reason: Error | undefined;
  private stopping = false;
  private started = false;
  private freed = false;
  /** Questions that have not been answered. */
  private readonly asked = new Map<number, (answer: StateAnswer) => void>();
  /** Told when the loop of the user's has ended that runs there. */
  private onLoopEnd: LoopEnd | undefined;

  constructor(engine: Engine, name: string, crowd: WorkerCrowd, pin?: Pin) {
    this.engine = engine;
    this.name = name;
    this.rank = crowd.rank;
    this.core = pin?.core;
    this.thread = engine.nextThread();
    const { arena, memory } = engine;
    this.bell = createBell(arena, this.thread);
    const use = { kind: RegionKind.CONTROL, of: this.thread };
    const line = arena.allocate(LINE_WORDS, `the control line of worker ${name}`, use);
    this.control = (line / LINE_WORDS) * LINE_CELLS;
    this.link = platform().startWorker(workerSource(), name, {
      message: (message) => this.receive(message),
      exit: (error) => this.ended(error),
    });
    this.link.post({
      type: 'init',
      init: {
        name,
        thread: this.thread,
        memory: memory.wasm,
        texts: engine.texts.handle,
        control: this.control,
        bell: this.bell,
        engineBell: engine.bell,
        wait: engine.wait,
        crowd,
        ...(pin === undefined ? {} : { pin }),
      },
    });
  }

  get isGone(): boolean {
    return this.gone;
  }

  install(group: PlacedGroup): void {
    this.groups.push(group);
    if (this.gone) {
      failGroup(group, this.death());
      return;
    }
    this.announce();
    this.link.post({ type: 'install', plan: group.plan });
  }

  /** Asks for the state of a stage; the answer holds the process. */
  query(query: StateQuery): Promise<StateAnswer> {
    if (this.gone || this.stopping) return Promise.resolve(gone(query));
    return new Promise((resolve) => {
      this.hold(true);
      this.asked.set(query.id, resolve);
      this.announce();
      this.link.post({ type: 'state', query });
    });
  }

  /** Runs a loop of the user's instead of groups. */
  runLoop(loop: LoopPlan, onEnd: LoopEnd): void {
    this.onLoopEnd = onEnd;
    this.announce();
    this.link.post({ type: 'loop', ...loop });
  }

  /** Forgets a group that has been removed. */
  forget(group: PlacedGroup): void {
    const at = this.groups.indexOf(group);
    if (at >= 0) this.groups.splice(at, 1);
  }

  wake(): void {
    ring(this.engine.memory, this.bell);
  }

  /** Handles messages that wait, without an event loop. */
  handleMessages(): void {
    if (!this.gone) this.link.drain();
  }

  /** As {@link handleMessages}; finds out whether the worker still lives. */
  check(): void {
    if (this.gone) return;
    this.handleMessages();
    if (this.isDead()) this.ended(undefined);
  }

  /** Holds the process while it lives, or no longer. */
  hold(held: boolean): void {
    if (held) this.link.ref();
    else this.link.unref();
  }

  /** Tells it to end; resolves once it has. */
  async stop(): Promise<void> {
    if (!this.stopping) {
      this.stopping = true;
      this.announce();
      this.link.post({ type: 'stop' });
    }
    await this.link.exited;
  }

  async terminate(): Promise<void> {
    this.stopping = true;
    await this.link.terminate();
  }

  /** Ends it wherever it is, because of a stage that was taken down and does not return; the others there fail. */
  giveUp(stage: string): void {
    if (this.gone || this.stopping || this.reason !== undefined) return;
    // One that is just starting, or waits for room elsewhere, is not stuck.
    if (!this.started || this.groups.some(({ stages }) => stages.some(isWaiting))) return;
    const { closeTimeoutMs } = this.engine;
    this.reason = new Error(
      `it was terminated, because stage ${stage} did not return within ${closeTimeoutMs} ms of being taken down`,
    );
    void this.link.terminate();
  }

  /** Frees its lines once it has ended and nobody rings its bell any more. */
  freeIfUnused(): void {
    if (!this.gone || this.stages > 0 || this.freed) return;
    this.freed = true;
    const { arena } = this.engine;
    freeBell(arena, this.bell);
    arena.free((this.control / LINE_CELLS) * LINE_WORDS);
  }

  /**
   * Lets the resident loop return to its event loop. The count grows before the message is posted: the loop then waits
   * for the message, where otherwise it could miss that there is one.
   */
  private announce(): void {
    const { memory } = this.engine;
    memory.cells.add(memory.i32, this.control + Control.MAIL, 1);
    this.wake();
  }

  private receive(message: FromWorker): void {
    if (message.type === 'log') this.engine.log(message.level, message.text);
    else if (message.type === 'dead-letter') this.engine.deadLetter(message.stage, message.failure);
    else if (message.type === 'install-failed') {
      const group = this.groups.find((placed) => placed.plan.id === message.group);
      if (group !== undefined) failGroup(group, message.failure);
    }
    if (message.type === 'state') this.answered(message.answer);
    if (message.type === 'ready') this.started = true;
    if (message.type === 'loop-ended') this.onLoopEnd?.(message.failure);
    // Messages can outlive their thread, and its lines.
    if (message.type === 'ready' || this.freed) return;
    const { memory } = this.engine;
    memory.cells.add(memory.i32, this.control + Control.HANDLED, 1);
    this.wake();
  }

  /** Whether the thread is known to be gone, also where this one is blocked and no event can tell. */
  isDead(): boolean {
    return this.isEnding || this.link.isDead();
  }

  /** Whether the thread has said that it ends. */
  private get isEnding(): boolean {
    const { cells, i32 } = this.engine.memory;
    return cells.load(i32, this.control + Control.ENDING) !== 0;
  }

  private answered(answer: StateAnswer): void {
    this.asked.get(answer.id)?.(answer);
    this.asked.delete(answer.id);
    if (this.asked.size === 0 && !this.stopping) this.hold(false);
  }

  /** The thread is gone. Unless it was told to, that is an error of all its stages. */
  private ended(error: Error | undefined): void {
    if (this.gone) return;
    this.gone = true;
    this.reason = error ?? this.reason;
    this.engine.arena.recover(this.thread);
    if (!this.stopping) for (const group of this.groups) failGroup(group, this.death());
    for (const [id, resolve] of this.asked) resolve(gone({ id, stage: 0, table: 0 }));
    this.asked.clear();
    const { name, message } = this.death();
    this.engine.journals.leaveFor(this.thread, Object.assign(new Error(message), { name }));
    this.onLoopEnd?.(this.stopping ? undefined : { name, message }, { name, message });
    this.engine.hostEnded(this);
    this.freeIfUnused();
  }

  /** The end of the thread, as an error of the stages that it has. */
  private death(): Omit<Failure, 'stage'> {
    const unknown = this.isEnding ? 'it exited by itself' : 'its thread was terminated, or ran out of memory';
    const { message } = fail('WORKER_DIED', { worker: this.name, why: this.reason?.message ?? unknown });
    return { cause: 'host', name: this.reason?.name ?? 'Error', message };
  }
}

/** Whether a stage waits for room. */
function isWaiting({ outlet }: StageNode<unknown>): boolean {
  return isWriterWaiting(outlet.journal);
}
