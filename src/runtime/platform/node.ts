// Workers and the event loop in Node.
import type { FromWorker } from '../messages.js';
import { nodeProcess } from './node-builtins.js';
import type { Platform, WorkerLink } from './platform.js';

/** The platform of Node, or undefined elsewhere. */
export function nodePlatform(): Platform | undefined {
  const process = nodeProcess();
  if (process === undefined) return undefined;
  const threads = process.getBuiltinModule('node:worker_threads');
  const os = process.getBuiltinModule('node:os');
  return {
    cores: os.availableParallelism(),
    canBlock: true,
    nextTurn: (callback) => {
      setImmediate(callback);
    },
    onEnding: (callback) => {
      process.on('exit', callback);
      return () => process.off('exit', callback);
    },
    startWorker: (source, name, events): WorkerLink => {
      const { port1, port2 } = new threads.MessageChannel();
      const worker = new threads.Worker(source, {
        eval: true,
        name,
        // The options of the process (loaders, inspectors, …) are not for this worker.
        execArgv: [],
        workerData: { reports: port2 },
        transferList: [port2],
      });
      let failure: Error | undefined;
      let dead = false;
      let seenAlive = false;
      let onExited = () => {};
      const exited = new Promise<void>((resolve) => {
        onExited = resolve;
      });
      const take = (message: FromWorker) => {
        seenAlive = true;
        events.message(message);
      };
      port1.on('message', take);
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
      const link: WorkerLink = {
        exited,
        post: (message) => worker.postMessage(message),
        drain: () => {
          for (;;) {
            const received = threads.receiveMessageOnPort(port1);
            if (received === undefined) return;
            take(received.message as FromWorker);
          }
        },
        isDead: () => {
          if (dead) return true;
          // An exit event can't arrive while this thread is blocked, but the worker's event loop shows that it is gone.
          const { idle } = worker.performance.eventLoopUtilization();
          if (idle !== -1) seenAlive = true;
          return seenAlive && idle === -1;
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
