// Workers and the event loop in browsers.
import type { FromWorker, ToWorker } from '../messages.js';
import type { Platform, WorkerEvents, WorkerLink } from './platform.js';

/** The platform of browsers and their workers. */
export function browserPlatform(): Platform {
  const turns: Array<() => void> = [];
  // A message to oneself: a timer would be delayed, a microtask would not let the page breathe.
  const channel = new MessageChannel();
  channel.port1.onmessage = () => turns.shift()?.();
  const isPage = typeof document !== 'undefined';
  return {
    cores: navigator.hardwareConcurrency ?? 2,
    canBlock: !isPage,
    pinning: () => ({ why: 'browsers have no such thing' }),
    nextTurn: (callback) => {
      turns.push(callback);
      channel.port2.postMessage(null);
    },
    onEnding: () => () => {},
    hasFiles: false,
    startWorker: <To = ToWorker, From = FromWorker>(
      source: string,
      name: string,
      events: WorkerEvents<From>,
    ): WorkerLink<To> => {
      const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
      const worker = new Worker(url, { name });
      let dead = false;
      let onExited = () => {};
      const exited = new Promise<void>((resolve) => {
        onExited = resolve;
      });
      const exit = (error: Error | undefined) => {
        if (dead) return;
        dead = true;
        URL.revokeObjectURL(url);
        events.exit(error);
        onExited();
      };
      worker.onmessage = (event: MessageEvent<From | { type: 'closing' }>) => {
        if ((event.data as { type?: unknown }).type === 'closing') exit(undefined);
        else events.message(event.data as From);
      };
      worker.onerror = (event) => {
        worker.terminate();
        // A script that can't be loaded has no message.
        const refused =
          'its script was not loaded; a Content-Security-Policy must allow it: worker-src blob:';
        exit(new Error(event.message || refused));
      };
      return {
        exited,
        post: (message) => worker.postMessage(message),
        drain: () => {},
        isDead: () => dead,
        ref: () => {},
        unref: () => {},
        terminate: async () => {
          worker.terminate();
          exit(undefined);
        },
      };
    },
  };
}
