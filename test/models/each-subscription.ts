// How every model is built: a step that is called for each record, made anew, with its state, for each subscription
import { Observable, type OperatorFunction } from 'rxjs';

export type ModelStep<T, R> = (record: T, emit: (record: R) => void) => void;

/** An operator whose step may emit none, one or many records; what it throws errors the stream. */
export function eachSubscription<T, R>(makeStep: () => ModelStep<T, R>): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((subscriber) => {
      const step = makeStep();
      const emit = (record: R) => subscriber.next(record);
      return source.subscribe({
        next(record) {
          try {
            step(record, emit);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}
