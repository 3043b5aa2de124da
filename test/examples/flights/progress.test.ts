// The progress bar in a terminal and elsewhere.
import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../examples/flights/progress.js';

function record(isTTY: boolean) {
  const written: string[] = [];
  let ms = 0;
  const progress = createProgress(1000, { isTTY, write: (text) => written.push(text) }, () => (ms += 100));
  return { written, progress };
}

describe('createProgress()', () => {
  it('redraws one line in a terminal', () => {
    const { written, progress } = record(true);
    for (let done = 100; done <= 1000; done += 100) progress.update(done);
    progress.end();
    expect(written.at(0)).toMatch(/^\r█{3}░{29} {2}10% {2}100 flights/);
    expect(written.at(-2)).toMatch(/^\r█{32} 100% {2}1,000 flights {2}\d\.\d\d M\/s/);
    expect(written.at(-1)).toBe('\n');
  });

  it('writes a line every fifth of the way elsewhere', () => {
    const { written, progress } = record(false);
    for (let done = 10; done <= 1000; done += 10) progress.update(done);
    progress.end();
    expect(written.map((line) => line.trim().split(' ')[0])).toEqual(['20%', '40%', '60%', '80%', '100%']);
  });
});
