// A worker's own side in Node.
import type { MessagePort } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../messages.js';
import { nodeProcess } from './node-builtins.js';
import { pinThread } from './node-cores.js';
import type { WorkerSide } from './platform.js';

/** The side of this worker thread, or undefined outside of Node. */
export function nodeWorkerSide<To = ToWorker, From = FromWorker>(): WorkerSide<To, From> | undefined {
  const process = nodeProcess();
  const threads = process?.getBuiltinModule('node:worker_threads');
  if (!process || !threads?.parentPort) return undefined;
  const { parentPort } = threads;
  const reports = (threads.workerData as { reports: MessagePort }).reports;
  return {
    onMessage: (handler) => {
      parentPort.on('message', (message: To) => handler(message));
    },
    receive: () => threads.receiveMessageOnPort(parentPort)?.message as To | undefined,
    post: (message, transfer = []) => reports.postMessage(message, transfer),
    pin: pinThread,
    onEnding: (callback) => {
      process.on('exit', callback);
    },
    close: () => {
      parentPort.close();
      reports.close();
    },
  };
}
