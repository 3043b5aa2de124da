// Workers and the event loop in Node.
import type { MessagePort } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../messages.js';
import { nodeProcess } from './node-builtins.js';
import { nodePinning } from './node-cores.js';
import type { Platform, WorkerEvents, WorkerLink } from './platform.js';

/** How often a worker is asked for signs of life while its event loop shows none. */
const PROBE_MS = 50;

/**
 * Whether a message sent through a port gets to another end, which never reads it. Node's `postMessage` has returned that
 * since version 15, though no page says so; where it doesn't, this is false from the start.
 */
function reaches(port: MessagePort): boolean {
  return (port.postMessage('alive?') as unknown) === true;
}

/** The platform of Node, or undefined elsewhere. */
export function nodePlatform(): Platform | undefined {
  const process = nodeProcess();
  if (process === undefined) return undefined;
  const threads = process.getBuiltinModule('node:worker_threads');
  const os = process.getBuiltinModule('node:os');
  return {
    cores: os.availableParallelism(),
    canBlock: true,
    pinning: nodePinning,
    nextTurn: (callback) => {
      setImmediate(callback);
    },
    onEnding: (callback) => {
      process.on('exit', callback);
      return () => process.off('exit', callback);
    },
    hasFiles: true,
    startWorker: <To = ToWorker, From = FromWorker>(
      source: string,
      name: string,
      events: WorkerEvents<From>,
    ): WorkerLink<To> => {
      const { port1, port2 } = new threads.MessageChannel();
      const worker = new threads.Worker(source, {
        eval: true,
        name,
        // The options of the process (loaders, inspectors, …) are not for this worker.
        execArgv: [],
        workerData: { reports: port2 },
        transferList: [port2],
      });
      const tells = reaches(port1);
      let failure: Error | undefined;
      let dead = false;
      let probed = 0;
      let onExited = () => {};
      const exited = new Promise<void>((resolve) => {
        onExited = resolve;
      });
      port1.on('message', events.message);
      worker.on('error', (error: Error) => {
        failure = error;
      });
      worker.on('exit', () => {
        link.drain();
        dead = true;
        port1.close();
        events.exit(failure);
        onExited();
      });
      const link: WorkerLink<To> = {
        exited,
        post: (message) => worker.postMessage(message),
        drain: () => {
          for (;;) {
            const received = threads.receiveMessageOnPort(port1);
            if (received === undefined) return;
            events.message(received.message as From);
          }
        },
        // No event can arrive while this thread is blocked. A worker that is gone shows by one of two signs.
        isDead: () => {
          if (dead) return true;
          // First, its event loop has no idle time any more. There are figures only if this thread's event loop has turned
          // since the worker came up, and if they were asked for while it lived.
          const { idle, active } = worker.performance.eventLoopUtilization();
          if (idle === -1) return true;
          if (active > 0) return false;
          // Second, its end of the channel is closed.
          const now = performance.now();
          if (!tells || now - probed < PROBE_MS) return false;
          probed = now;
          return !reaches(port1);
        },
        ref: () => worker.ref(),
        unref: () => worker.unref(),
        terminate: async () => {
          await worker.terminate();
        },
      };
      port1.unref();
      worker.unref();
      return link;
    },
  };
}
