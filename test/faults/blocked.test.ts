// A main thread that is blocked in next(): it finds out what has happened to the worker in its way, and is never stuck for good.
import { describe, expect, it } from 'vitest';
import { run } from './child.js';

const died = (why: RegExp) => ({
  error: {
    code: 'STAGE_FAILED',
    stage: 'doomed',
    message: expect.stringMatching(new RegExp(`Worker engine/doomed died: ${why.source}`)),
  },
});
const lives = [{ siblings: 20_000 }, { closed: null, ms: expect.any(Number) }, { resources: [] }];

describe('a main thread blocked in next()', () => {
  it('notices that a function has ended the worker', async () => {
    const { code, told } = await run('blocked', { args: ['exit'] });
    expect(told).toEqual([died(/it exited by itself/), ...lives]);
    expect(code).toBe(0);
  });

  it.each(['never', 'seen'])('notices that a worker that it has %s alive was terminated', async (seen) => {
    const { code, told } = await run('blocked', { args: ['terminated', seen] });
    const [error, noticed, siblings, ...rest] = told;
    expect(error).toEqual(died(/its thread was terminated/));
    expect(noticed).toEqual({ noticed: expect.any(Number) });
    expect((noticed as { noticed: number }).noticed).toBeLessThan(5_000);
    expect(siblings).toEqual({ siblings: seen === 'seen' ? 20_001 : 20_000 });
    expect(rest).toEqual(lives.slice(1));
    expect(code).toBe(0);
  });

  it.each(['never', 'seen'])('notices that a worker that it has %s alive ran out of memory', async (seen) => {
    const { code, told } = await run('blocked', {
      args: ['hoard', seen],
      execArgv: ['--max-old-space-size=64'],
      timeoutMs: 50_000,
    });
    const [error, siblings, ...rest] = told;
    // What it died of is known where its last message came in time.
    expect(error).toEqual(died(/its thread was terminated, or ran out of memory|reaching memory limit/));
    expect(siblings).toEqual({ siblings: seen === 'seen' ? 20_001 : 20_000 });
    expect(rest).toEqual(lives.slice(1));
    expect(code).toBe(0);
  });

  it('takes the lock of the arena over from a worker that was terminated with it', async () => {
    const { code, told } = await run('blocked', { args: ['lock'] });
    expect(told).toEqual([died(/its thread was terminated/), { siblings: 20_001 }, ...lives.slice(1)]);
    expect(code).toBe(0);
  });

  it('returns once a subscriber has closed the engine, although the function in its way never does', async () => {
    const { code, told } = await run('blocked', { args: ['close in a delivery'] });
    const timeout = {
      code: 'CLOSE_TIMEOUT',
      message: expect.stringMatching(/stage doomed.* within 1000 ms/),
    };
    expect(told).toEqual([
      { ignored: true },
      'sibling complete',
      { error: timeout },
      { closed: timeout, ms: expect.any(Number) },
      { resources: [] },
    ]);
    expect(code).toBe(0);
  });

  it('returns once a subscriber has aborted the pipeline, although the function in its way never does', async () => {
    const { code, told } = await run('blocked', { args: ['abort in a delivery'] });
    expect(told).toEqual([
      { error: { message: 'enough' } },
      'through',
      { closed: expect.objectContaining({ code: 'CLOSE_TIMEOUT' }), ms: expect.any(Number) },
      { resources: [] },
    ]);
    expect(code).toBe(0);
  });

  it.each(['inline before a loop', 'inline in the middle of a record'])(
    'keeps closeTimeoutMs also where an inline stage blocks it: %s',
    async (mode) => {
      const { code, told } = await run('blocked', { args: [mode] });
      const timeout = { code: 'CLOSE_TIMEOUT', message: expect.stringMatching(/stage stuck/) };
      expect(told).toEqual([
        { error: timeout },
        { closed: timeout, ms: expect.any(Number) },
        { resources: [] },
      ]);
      expect(code).toBe(0);
    },
  );

  it('keeps closeTimeoutMs also where a parameter waits for the records before it', async () => {
    const { code, told } = await run('blocked', { args: ['parameter behind a loop'] });
    const timeout = { code: 'CLOSE_TIMEOUT', message: expect.stringMatching(/stage stuck/) };
    expect(told).toEqual([
      { error: timeout },
      { factor: 2 },
      { closed: timeout, ms: expect.any(Number) },
      { resources: [] },
    ]);
    expect(code).toBe(0);
  });
});
