// Where code generation is forbidden: every way in says so and names the way out; nothing hangs, nothing is left.
import { describe, expect, it } from 'vitest';
import { run } from './child.js';

const forbidden = (what: string, found: string) => ({
  what,
  code: 'CODEGEN_FORBIDDEN',
  message: expect.stringMatching(
    new RegExp(`^Cannot generate ${found}: this environment forbids .new Function.; allow it .*or run`),
  ),
  cause: 'EvalError',
});

describe.each(['inline', 'worker'] as const)(
  'a process that forbids code generation, placed %s,',
  (placement) => {
    it('is told so by each thing that needs some, and closes in order', async () => {
      const { code, told, stderr } = await run('forbidden', {
        args: [placement],
        execArgv: ['--disallow-code-generation-from-strings'],
      });
      const loop = {
        what: 'worker',
        code: 'LOOP_FAILED',
        message: expect.stringMatching(/Cannot generate what imports data:.*this environment forbids/),
        cause: 'Error',
      };
      expect(told).toEqual([
        forbidden('source', 'the codec of Reading'),
        forbidden('journal', 'the codec of Reading'),
        forbidden('slots', 'the codec of Reading'),
        forbidden('fused', 'the codec of Reading'),
        ...(placement === 'worker' ? [loop] : []),
        { what: 'close', outcome: 'nothing was thrown' },
        { resources: [] },
      ]);
      expect(stderr).toBe('');
      expect(code).toBe(0);
    });

    it('is what the checks above depend on: without that option nothing is thrown', async () => {
      const { code, told } = await run('forbidden', { args: [placement] });
      const fine = (what: string) => ({ what, outcome: 'nothing was thrown' });
      const all = [
        'source',
        'journal',
        'slots',
        'fused',
        ...(placement === 'worker' ? ['worker'] : []),
        'close',
      ];
      expect(told).toEqual([...all.map(fine), { resources: [] }]);
      expect(code).toBe(0);
    });
  },
);
