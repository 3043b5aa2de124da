// A process that may not generate code from strings: whoever would need some is told so, and the engine closes in order.
import process from 'node:process';
import { createEngine, f64, fused, struct, u32 } from 'roda-rx';
import { map } from 'roda-rx/operators';
import { of } from 'rxjs';
import { tell } from './tell.js';

const Reading = struct({ id: u32, value: f64 }, 'Reading');
const same = () => map((r: { value: number }) => ({ value: r.value }));

function told(error: unknown): Record<string, unknown> {
  const { code, message, cause } = error as Record<string, unknown>;
  return { code, message, cause: (cause as Error | undefined)?.name };
}

/** Tells what an attempt throws, at once or later. */
async function attempt(what: string, run: () => unknown): Promise<void> {
  try {
    await run();
    tell({ what, outcome: 'nothing was thrown' });
  } catch (error) {
    tell({ what, ...told(error) });
  }
}

const placement = process.argv[2] as 'inline' | 'worker';
const engine = createEngine({ placement });
await attempt('source', () => engine.source(Reading));
await attempt('journal', () => engine.journal(Reading));
await attempt('slots', () => engine.slots(Reading, 4));
await attempt(
  'fused',
  () =>
    new Promise<void>((resolve, reject) => {
      of({ id: 1, value: 1 })
        .pipe(fused(Reading, { engine, placement }, same()))
        .subscribe({ error: reject, complete: resolve });
    }),
);
if (placement === 'worker') {
  const loop = engine.worker(new URL('data:text/javascript,export default () => {}'), {});
  await attempt('worker', () => loop.done);
}
await attempt('close', () => engine.close());
// What is queued for this turn of the event loop may still come, and do nothing.
await new Promise((resolve) => setImmediate(resolve));
tell({ resources: process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|File/.test(name)) });
