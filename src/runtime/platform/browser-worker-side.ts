// A worker's own side in browsers.
import type { ToWorker } from '../messages.js';
import type { WorkerSide } from './platform.js';

interface DedicatedScope {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The side of this dedicated worker. */
export function browserWorkerSide(): WorkerSide {
  const scope = globalThis as unknown as DedicatedScope;
  return {
    onMessage: (handler) => {
      scope.onmessage = (event) => handler(event.data);
    },
    post: (message) => scope.postMessage(message),
    // A browser's worker ends without a word.
    onEnding: () => {},
    close: () => {
      // There is no exit event in browsers.
      scope.postMessage({ type: 'closing' });
      scope.close();
    },
  };
}
