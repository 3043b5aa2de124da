// What a worker does from its first moment: it builds its loop when told to, and hands it every message.
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
      side.post({ type: 'ready' });
      return;
    }
    loop?.handle(message);
    // Returns as soon as another message waits.
    loop?.run();
    if (loop?.isStopped) side.close();
  });
}
