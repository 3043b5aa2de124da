// Finds out whether `source.next` was called by RxJS on behalf of `observable.subscribe(source)`.
//
// RxJS catches what an observer's `next` throws and rethrows it on a timer, where nobody can catch it: a record that
// does not fit would end the process instead of the pipeline. RxJS offers no way to tell its calls from direct ones. But
// the place in its code from which it calls observers is always the same, minified or not; it is learned once, from a
// subscription of our own, and looked for on the stack, only when a record has been refused.
import { Observable } from 'rxjs';

let known: string | undefined;

/**
 * Whether RxJS's subscriber called the function from which the method that asks was called, by way of another one: what a source
 * has as its `next` calls what takes records in any case, and that the method. Slow; only for records that were refused.
 */
export function calledThroughSubscribe(): boolean {
  known ??= learn();
  // frames(), this function, the method, the two before it, then their caller.
  return known !== '' && frames()[5] === known;
}

/** The frame from which RxJS calls an observer, or '' if stacks can't be read here. */
function learn(): string {
  let caller = '';
  const probe = {
    next(): void {
      // frames(), this method, then the caller.
      caller = frames()[2] ?? '';
    },
  };
  new Observable<void>((subscriber) => subscriber.next()).subscribe(probe);
  return caller;
}

/** The places on the stack, this function's own first. */
function frames(): string[] {
  const { stack } = new Error();
  const lines = stack?.split('\n').filter((line) => /:\d+:\d+\)?$/.test(line.trim())) ?? [];
  return lines.map((line) => line.trim().replace(/^.*?\(?([^\s(]+:\d+:\d+)\)?$/, '$1')).slice(0, 8);
}
