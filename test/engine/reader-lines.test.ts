// The lines of a journal's readers: who reads where a stage that has ended once read is left alone.
import { describe, expect, it } from 'vitest';
import { tap } from '../../operators/index.js';
import { createEngine, struct, u32 } from '../../src/index.js';

const Reading = struct({ value: u32 });

describe('a subscriber on the line of a stage that failed', () => {
  it('still holds the writer back after the worker of that stage has died', async () => {
    await using engine = createEngine({ maxWorkers: 1 });
    const readings = engine.source(Reading, { capacity: 4 });
    const failing = readings.stage(
      tap((r) => {
        if (r.value === 0) throw new Error('broken');
      }),
    );
    const exiting = readings.stage(
      tap((r) => {
        if (r.value === 1) [].constructor.constructor('process.exit(1)')();
      }),
    );
    const errors: unknown[] = [];
    const ended = [failing, exiting].map(
      (stage) =>
        new Promise<void>((resolve) => {
          stage.subscribe({
            error: (error: unknown) => {
              errors.push(error);
              resolve();
            },
          });
        }),
    );
    readings.next({ value: 0 });
    await ended[0];
    const seen: number[] = [];
    readings.subscribe((r) => seen.push(r.value));
    readings.next({ value: 1 });
    await ended[1];
    const more = Array.from({ length: 100 }, (_, i) => 2 + i);
    for (const value of more) readings.next({ value });
    await engine.idle();
    expect(seen).toEqual([1, ...more]);
    expect(errors).toHaveLength(2);
  });
});
