// One line that tells what is being done, on a terminal
import process from 'node:process';

const CLEAR = '\r\x1b[K';

export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${CLEAR}${text}`);
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write(CLEAR);
}
