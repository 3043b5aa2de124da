// Progress as users see it.
import { Observable } from 'rxjs';
import { describe, type ProgressHandle, ProgressReader, type ProgressValue } from '../engine/index.js';
import { fail } from '../errors/index.js';
import type { ProgressShape } from '../journal/index.js';
import { type Memory, openMemory } from '../memory/index.js';

/** How far the records have got that pass a `progress`; made with `engine.progress(name)`, opened elsewhere with {@link openProgress}. */
export class Progress {
  private readonly reader: ProgressReader;

  /** @internal */
  constructor(
    private readonly memory: Memory,
    private readonly shape: ProgressShape,
  ) {
    this.reader = new ProgressReader(memory, shape);
  }

  /** Its name. */
  get name(): string {
    return this.shape.name;
  }

  /** What another thread opens it with ({@link openProgress}): a value to be posted, unless the engine is inline. */
  get handle(): ProgressHandle {
    return { kind: 'progress-handle', memory: this.memory.wasm, shape: this.shape };
  }

  /** How far it has got now. Its `rate` is that since the last `read()` of this object. */
  read(): ProgressValue {
    return this.reader.read();
  }

  /**
   * How far it has got, every so often, with the rate since the time before. It does not complete, does not hold the process,
   * and prints nothing.
   *
   * @param everyMs From 1 to 2^31 - 1; 1,000 unless told.
   * @throws {TypeError} OPTION for another.
   */
  changes(everyMs = 1_000): Observable<ProgressValue> {
    if (!(typeof everyMs === 'number' && everyMs >= 1 && everyMs < 2 ** 31)) {
      const allowed = 'milliseconds from 1 to 2^31 - 1';
      const what = `progress ${this.name}`;
      throw fail('OPTION', { what, option: 'everyMs', found: describe(everyMs), allowed });
    }
    return new Observable((subscriber) => {
      const reader = new ProgressReader(this.memory, this.shape);
      const timer: unknown = setInterval(() => subscriber.next(reader.read()), everyMs);
      // In browsers it is a number, and holds nothing.
      (timer as { unref?(): void }).unref?.();
      return () => clearInterval(timer as ReturnType<typeof setInterval>);
    });
  }

  /**
   * Prints a line every so often while records pass.
   *
   * @param everyMs From 1 to 2^31 - 1; 1,000 unless told.
   * @param print Where to; `console.log` unless told.
   * @throws {TypeError} OPTION for another `everyMs`.
   * @returns How to stop it.
   */
  log(everyMs = 1_000, print: (line: string) => void = (line) => console.log(line)): () => void {
    let before = 0;
    const subscription = this.changes(everyMs).subscribe(({ count, rate, average }) => {
      if (count === before) return;
      before = count;
      const whole = (value: number) => Math.round(value).toLocaleString('en');
      print(`${this.name}: ${whole(count)} records, ${whole(rate)}/s, on average ${whole(average)}/s`);
    });
    return () => subscription.unsubscribe();
  }
}

/** Opens a progress in a thread that its handle was posted to. */
export function openProgress(handle: ProgressHandle): Progress {
  if ((handle as ProgressHandle | null | undefined)?.kind !== 'progress-handle')
    throw fail('HANDLE', { what: 'a progress', found: describe(handle) });
  return new Progress(openMemory(handle.memory), handle.shape);
}
