// tap: what it sees and leaves alone.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { map, tap } from '../../operators/index.js';
import { array, f64, struct, text, u32 } from '../../src/index.js';
import { outcome, run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text, list: array(f64, 2) }, 'Item');
const item = (v: number) => ({ id: 1, v, name: 'x', list: [v, -v] });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('tap()', () => {
  it('sees every record and lets it pass unchanged', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const values = run(Item, [item(1), item(2)], (s) =>
      s.stage(tap((r) => console.log(r.id, r.v, r.name, r.list[1]))),
    );
    expect(values).toEqual([item(1), item(2)]);
    expect(log.mock.calls).toEqual([
      [1, 1, 'x', -1],
      [1, 2, 'x', -2],
    ]);
  });

  it('takes console.log itself', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { log: taken } = console;
    log.mockRestore();
    const lines: unknown[] = [];
    vi.spyOn(console, 'info').mockImplementation((...args) => {
      lines.push(args);
    });
    expect(() => run(Item, [item(1)], (s) => s.stage(tap(taken as never)))).toThrow();
    expect(
      run(Item, [item(1)], (s) =>
        s.stage(
          tap((r) => console.info(r.v)),
          map((r) => ({ v: r.v })),
        ),
      ),
    ).toEqual([{ v: 1 }]);
    expect(lines).toEqual([[1]]);
  });

  it('ignores what its function returns', () => {
    expect(run(Item, [item(1)], (s) => s.stage(tap((r) => r.v > 5)))).toEqual([item(1)]);
  });

  it('ends the stage when its function throws; the record does not pass', () => {
    const { values, error } = outcome(Item, [item(1)], (s) =>
      s.stage(
        tap(() => {
          throw new Error('no');
        }),
      ),
    );
    expect(values).toEqual([]);
    expect(error).toMatchObject({ operator: 'tap', sequence: 0 });
  });

  it('refuses to change the record', () => {
    const write = (r: { v: number }) => {
      r.v = 1;
    };
    expect(() => run(Item, [], (s) => s.stage(tap(write as never)))).toThrowError(
      expect.objectContaining({ code: 'INPUT_WRITTEN' }),
    );
  });
});
