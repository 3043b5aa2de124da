// A disk that is full, a real one where one can be made: an error on the journal, and what the pipeline does about it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { map } from '../../operators/index.js';
import { createEngine, f64, struct, u32 } from '../../src/index.js';
import { collect, settles } from '../faults/kit.js';

const disk = mkdtempSync(join(tmpdir(), 'full-'));

function mounted(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isMounted = mounted();
afterAll(() => {
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

const Reading = struct({ id: u32, value: f64 }, 'Reading');
const full = { code: 'FILE_FAILED', cause: { code: 'ENOSPC' } };

// Without one, log.test.ts fills a simulated disk at every byte.
describe.skipIf(!isMounted)('a full disk', () => {
  it.each(['stop', 'continue'] as const)("with onError '%s'", async (onError) => {
    const folder = join(disk, onError);
    const engine = createEngine();
    const readings = engine.source(Reading);
    const trail = await readings.persist(folder, { onError, sync: { everyMs: 5 }, segmentBytes: 300_000 });
    const all = collect(readings.stage(map((r) => ({ value: r.value }))));
    const waiting = trail.durable(1e6).catch((error: unknown) => error);
    let durable = 0;
    // In one stretch: the thread is blocked in next() when the disk is full.
    for (let i = 0; i < 400_000; i++) {
      readings.next({ id: 1, value: i });
      if (i % 1_000 === 0) durable = Math.max(durable, trail.durableNext);
    }
    expect(await settles(waiting)).toMatchObject(full);
    expect(trail.error).toMatchObject(full);
    await expect(trail.durable()).rejects.toMatchObject(full);
    if (onError === 'stop') {
      expect(await settles(all.end)).toMatchObject(full);
      expect(all.values.length).toBeLessThan(400_000);
    } else {
      await settles(engine.idle());
      expect(all.values).toHaveLength(400_000);
    }
    expect(all.values).toEqual(all.values.map((_, i) => ({ value: i })));
    await settles(engine.close());
    expect(durable).toBeGreaterThan(0);
    durable = Math.max(durable, trail.durableNext);

    // It can still be read, and goes on once there is room.
    const other = createEngine();
    const past = other.replay(Reading, folder);
    const { values } = collect(past);
    const count = await settles(past.start());
    await other.idle();
    expect(count).toBeGreaterThanOrEqual(durable);
    expect(values).toEqual(Array.from({ length: count }, (_, i) => ({ id: 1, value: i })));
    const again = other.source(Reading);
    execFileSync('mount', ['-o', 'remount,size=6m', disk]);
    const trail2 = await again.persist(folder);
    expect(trail2.next).toBe(count);
    again.next({ id: 2, value: 0 });
    await trail2.durable(count);
    await settles(other.close());
    rmSync(folder, { recursive: true });
    execFileSync('mount', ['-o', 'remount,size=2m', disk]);
  });

  it('is the error of opening, when there is no room for a segment', async () => {
    writeFileSync(join(disk, 'filler'), new Uint8Array(0));
    try {
      for (let i = 0; ; i++) writeFileSync(join(disk, `filler${i}`), new Uint8Array(100_000));
    } catch {}
    try {
      for (let i = 0; ; i++) writeFileSync(join(disk, `small${i}`), new Uint8Array(4_096));
    } catch {}
    const engine = createEngine();
    await expect(engine.source(Reading).persist(join(disk, 'none'))).rejects.toMatchObject(full);
    await settles(engine.close());
  });
});
