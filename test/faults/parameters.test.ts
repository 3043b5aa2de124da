// Setting a live parameter waits for the records before it, but never for itself, and never for a worker that has died.
import { describe, expect, it } from 'vitest';
import { run } from './child.js';

const upTo = (to: number) => Array.from({ length: to }, (_, n) => n);

describe.each(['worker', 'inline'])('setting a live parameter, with stages placed %s,', (placement) => {
  it('returns although a pull reader of this thread is in the way, and holds for the records after it', async () => {
    const { code, told } = await run('parameters', { args: ['pull reader', placement] });
    expect(told).toEqual([{ by: 2 }, { read: upTo(22), last: [2, 2] }]);
    expect(code).toBe(0);
  });

  it('returns although the listener that does it is in the way, and nothing is lost', async () => {
    const { code, told } = await run('parameters', { args: ['its own listener', placement] });
    expect(told).toEqual([{ by: 2 }, { read: upTo(60), last: [2, 2] }]);
    expect(code).toBe(0);
  });

  it('calls the listener that is in the way', async () => {
    const { code, told } = await run('parameters', { args: ['another listener', placement] });
    expect(told).toEqual([{ by: 2 }, { read: upTo(62), last: [1, 2, 2] }]);
    expect(code).toBe(0);
  });
});

describe('setting a live parameter', () => {
  it('notices that the worker in the way has died', async () => {
    const { code, told } = await run('parameters', { args: ['dead worker', 'worker'] });
    const message = expect.stringContaining('died');
    expect(told).toEqual([{ by: 2 }, { error: expect.objectContaining({ message }) }]);
    expect(code).toBe(0);
  });
});
