// The worker for files as the engine sees it: started when the first journal is opened or replayed, and ended with the engine.
import { type CodedError, fail } from '../errors/index.js';
import type { ProblemData } from '../file/index.js';
import type { FromFileWorker, ToFileWorker } from '../runtime/file-messages.js';
import { platform, type WorkerLink } from '../runtime/platform/index.js';
import type { Engine } from './engine.js';
import type { FileNode } from './file-node.js';

/** Somebody whom messages of the worker are for. */
export interface FileClient {
  receive(message: FromFileWorker): void;
  /** The worker is gone. */
  died(error: CodedError): void;
}

export class FileHost {
  private readonly engine: Engine;
  private readonly clients = new Map<number, FileClient>();
  private link: WorkerLink<ToFileWorker> | undefined;
  private starting: Promise<WorkerLink<ToFileWorker>> | undefined;
  private ids = 0;
  private stopping = false;
  /** Reasons to hold the process. */
  private holds = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Those that keep journals by hand, which are of no graph. */
  readonly byHand = new Set<FileNode>();

  /** Whether somebody waits for what is under way in one of those. */
  get isAwaited(): boolean {
    for (const node of this.byHand) if (node.isAwaited) return true;
    return false;
  }

  /** Adds somebody; resolves to the number to use in messages once the worker has been started. */
  async join(client: FileClient): Promise<number> {
    await this.start();
    const id = ++this.ids;
    this.clients.set(id, client);
    return id;
  }

  leave(id: number): void {
    this.clients.delete(id);
  }

  post(message: ToFileWorker): void {
    this.link?.post(message);
  }

  /** Holds the process until something has come of what was asked for. */
  hold(held: boolean): void {
    this.holds += held ? 1 : -1;
    if (this.holds > 0) this.link?.ref();
    else this.link?.unref();
  }

  /** Handles messages that wait, without an event loop, and finds out whether the worker still lives. */
  check(): void {
    this.link?.drain();
    if (this.link?.isDead()) this.ended(undefined);
  }

  /** Ends the worker; resolves once it has. */
  async stop(): Promise<void> {
    if (this.starting === undefined) return;
    const link = await this.starting;
    this.stopping = true;
    link.post({ type: 'stop' });
    link.ref();
    await link.exited;
  }

  async terminate(): Promise<void> {
    this.stopping = true;
    await this.link?.terminate();
  }

  private start(): Promise<WorkerLink<ToFileWorker>> {
    this.starting ??= this.load();
    return this.starting;
  }

  private async load(): Promise<WorkerLink<ToFileWorker>> {
    const { engine } = this;
    // Loaded only here: whoever keeps nothing in files does without the code for it.
    const { workerSource } = await import('../runtime/file-worker-source.js');
    const link = platform().startWorker<ToFileWorker, FromFileWorker>(
      workerSource(),
      `${engine.name}/files`,
      { message: (message) => this.receive(message), exit: (error) => this.ended(error) },
    );
    this.link = link;
    if (this.holds > 0) link.ref();
    const { memory, texts, bell } = engine;
    link.post({
      type: 'init',
      memory: memory.shared ? memory.wasm : undefined,
      texts: texts.handle,
      engineBell: bell,
    });
    return link;
  }

  private receive(message: FromFileWorker): void {
    this.clients.get(message.id)?.receive(message);
    this.engine.pump.wake();
  }

  private ended(error: Error | undefined): void {
    if (this.link === undefined) return;
    this.link = undefined;
    this.starting = undefined;
    const clients = [...this.clients.values()];
    this.clients.clear();
    if (this.stopping) return;
    const why = error?.message ?? 'its thread ended';
    const died = fail('WORKER_DIED', { worker: `${this.engine.name}/files`, why });
    for (const client of clients) client.died(died);
    this.engine.pump.wake();
  }
}

/** The error of what a worker has said of a problem. */
export function errorOf({ code, params, cause }: ProblemData): CodedError {
  if (cause === undefined) return fail(code, params as never);
  const { message, code: name } = cause;
  return fail(code, params as never, { cause: Object.assign(new Error(message), name && { code: name }) });
}
