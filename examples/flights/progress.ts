// A progress bar with the rate: redrawn in a terminal, a line every fifth of the way elsewhere.

/** What a progress bar needs of a stream such as `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** Shows that `done` records are through. */
  update(done: number): void;
  /** Shows the end and leaves the line. */
  end(): void;
}

const BAR_WIDTH = 32;
const REDRAW_MS = 80;

/** @param total How many records there will be. */
export function createProgress(
  total: number,
  stream: ProgressStream,
  now = () => performance.now(),
): Progress {
  const started = now();
  let lastDraw = Number.NEGATIVE_INFINITY;
  let fifths = 0;

  const line = (done: number): string => {
    const seconds = (now() - started) / 1000;
    const rate = seconds > 0 ? done / seconds : 0;
    const percent = `${Math.floor((100 * done) / total)}%`.padStart(4);
    return `${percent}  ${done.toLocaleString('en-US')} flights  ${(rate / 1e6).toFixed(2)} M/s  ${seconds.toFixed(1)} s`;
  };
  const bar = (done: number): string => {
    const filled = Math.round((BAR_WIDTH * done) / total);
    return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  };
  const draw = (done: number): void => {
    lastDraw = now();
    stream.write(`\r${bar(done)} ${line(done)}\x1b[K`);
  };

  return {
    update(done) {
      if (stream.isTTY) {
        if (now() - lastDraw >= REDRAW_MS) draw(done);
      } else if (done < total && Math.floor((5 * done) / total) > fifths) {
        fifths = Math.floor((5 * done) / total);
        stream.write(`${line(done)}\n`);
      }
    },
    end() {
      if (stream.isTTY) draw(total);
      stream.write(stream.isTTY ? '\n' : `${line(total)}\n`);
    },
  };
}
