// What a worker does from its first moment: it builds its loop when told to, and hands it every message.
import { CustomLoop, importModule } from './custom-loop.js';
import { describeThrown, type Thrown } from './failure.js';
import type { FromWorker, ToWorker } from './messages.js';
import { browserWorkerSide } from './platform/browser-worker-side.js';
import { nodeWorkerSide } from './platform/node-worker-side.js';
import { WorkerLoop } from './worker-loop.js';

/** Makes the thread that it is called on a worker of an engine. */
export function bootWorker(): void {
  const side = nodeWorkerSide() ?? browserWorkerSide();
  let loop: WorkerLoop | undefined;

  side.onMessage((message: ToWorker) => {
    if (message.type === 'init') {
      loop = new WorkerLoop(message.init, (report: FromWorker) => side.post(report), side.receive);
      side.onEnding(() => loop?.ending());
      if (message.init.pin !== undefined) side.pin?.(message.init.pin);
      side.post({ type: 'ready' });
      return;
    }
    loop?.handle(message);
    if (message.type === 'loop' && loop !== undefined) {
      void runModule(loop, message);
      return;
    }
    // Returns as soon as another message waits.
    loop?.run();
    if (loop?.isStopped) side.close();
  });
}

type LoopMessage = Extract<ToWorker, { type: 'loop' }>;

/** Runs a module's loop, and tells the engine when it is over. */
async function runModule(loop: WorkerLoop, { module, ...given }: LoopMessage): Promise<void> {
  let failure: Thrown | undefined;
  try {
    const custom = new CustomLoop(loop, given);
    // Its lines go to the engine: while it loops nothing else could print them.
    globalThis.console = Object.assign(Object.create(globalThis.console), loop.console);
    failure = await custom.run(await importModule(module));
  } catch (thrown) {
    failure = describeThrown(thrown);
  }
  loop.send({ type: 'loop-ended', ...(failure === undefined ? {} : { failure }) });
}
