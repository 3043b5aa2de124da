// How a process ends that has engines: no line is lost that a function had printed, and only keepAlive holds it back.
import { describe, expect, it } from 'vitest';
import { run } from './child.js';

const PLACEMENTS = ['inline', 'worker'] as const;
const lines = (count: number, name = 'line') => Array.from({ length: count }, (_, n) => `${name} ${n}`);

describe.each(PLACEMENTS)('a process with an engine placed %s', (placement) => {
  it.each([
    ['by process.exit()', 'exit', lines(1_000), 7],
    ['by process.exit() in a delivery', 'exit in a delivery', lines(11), 7],
    ['by an error that nobody catches', 'throw', lines(1_000), 1],
    [
      'by process.exit(), with two engines',
      'two engines',
      [...lines(10, 'first'), ...lines(10, 'second')],
      7,
    ],
    ['by itself', 'end', lines(5_000), 0],
  ])('prints every line that was printed before it ends %s', async (_, mode, expected, status) => {
    const { code, told } = await run('leaving', { args: [mode, placement] });
    expect(told).toEqual([expected]);
    expect(code).toBe(status);
  });

  it('passes on the last dead letter while something can still be begun with it', async () => {
    const { code, told } = await run('leaving', { args: ['letter', placement] });
    expect(told).toEqual(['one']);
    expect(code).toBe(0);
  });

  it('has one listener for its end while there are engines, and none once they are closed', async () => {
    const { code, told } = await run('leaving', { args: ['no listeners left', placement] });
    expect(told.filter((line) => typeof line === 'object')).toEqual([{ during: 1, after: 0 }]);
    expect(code).toBe(0);
  });

  it('stays with keepAlive until it is closed', async () => {
    const { code, told } = await run('leaving', { args: ['kept', placement, 'true'] });
    expect(told).toEqual(['idle', 'still here', 'closed']);
    expect(code).toBe(0);
  });

  it('ends without keepAlive as soon as the engine is idle', async () => {
    const { code, told } = await run('leaving', { args: ['kept', placement, 'false'] });
    expect(told).toEqual(['idle']);
    expect(code).toBe(0);
  });
});
