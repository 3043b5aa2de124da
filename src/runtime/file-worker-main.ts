// The script of the worker for files, embedded as text in a module of its own, which is loaded when it is first needed.
import type { FromFileWorker, ToFileWorker } from './file-messages.js';
import { FileWorker } from './file-worker.js';
import { nodeFiles } from './platform/node-files.js';
import { nodeWorkerSide } from './platform/node-worker-side.js';

const side = nodeWorkerSide<ToFileWorker, FromFileWorker>();
const files = nodeFiles();
if (side !== undefined && files !== undefined) {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const worker = new FileWorker(files, (message, transfer) => side.post(message, transfer), turn);
  side.onMessage((message) => {
    if (!worker.handle(message)) side.close();
  });
}
