// A stage: one fused loop inside, a hot Observable outside.
import { Observable } from 'rxjs';
import { type DeadLetter, explainStage, type StageExplanation, type StageNode, type StageOptions } from '../engine/index.js';
import type { Fused } from '../operator/index.js';
import { addStage } from './add-stage.js';
import { Records } from './records.js';

/** A stage of a pipeline: its operators run as one loop, in a worker unless placed otherwise. Made with `stage()`. */
export class Stage<T> extends Records<T> {
  private readonly node: StageNode<T>;
  /** The records that were skipped because their processing threw, with `onError: 'skip'`. */
  readonly deadLetters: Observable<DeadLetter>;

  /** @internal */
  constructor(node: StageNode<T>) {
    super(node.outlet);
    this.node = node;
    this.deadLetters = new Observable((subscriber) => {
      const take = (letter: DeadLetter) => subscriber.next(letter);
      node.deadLetterListeners.add(take);
      return () => node.deadLetterListeners.delete(take);
    });
  }

  /** How it is built: operators, layouts, placement, backend, and the text of its loop. */
  explain(): StageExplanation {
    return explainStage(this.node as StageNode<unknown>);
  }

  /**
   * Adds a stage that takes this one's records.
   *
   * @param args Options first, if any, then from one to eight operators.
   * @throws {TypeError} NOT_AN_OPERATOR for something else; what the operators' functions are refused for.
   * @throws {Error} GRAPH_SEALED after the source's first record.
   */
  stage<A>(a: Fused<T, A>): Stage<A>;
  stage<A>(options: StageOptions, a: Fused<T, A>): Stage<A>;
  stage<A, B>(a: Fused<T, A>, b: Fused<A, B>): Stage<B>;
  stage<A, B>(options: StageOptions, a: Fused<T, A>, b: Fused<A, B>): Stage<B>;
  stage<A, B, C>(a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>): Stage<C>;
  stage<A, B, C>(options: StageOptions, a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>): Stage<C>;
  stage<A, B, C, D>(a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>): Stage<D>;
  stage<A, B, C, D>(options: StageOptions, a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>): Stage<D>;
  stage<A, B, C, D, E>(a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>, e: Fused<D, E>): Stage<E>;
  stage<A, B, C, D, E>(options: StageOptions, a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>, e: Fused<D, E>): Stage<E>;
  stage<A, B, C, D, E, F>(a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>, e: Fused<D, E>, f: Fused<E, F>): Stage<F>;
  stage<A, B, C, D, E, F>(options: StageOptions, a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>, e: Fused<D, E>, f: Fused<E, F>): Stage<F>;
  stage<A, B, C, D, E, F, G>(a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>, e: Fused<D, E>, f: Fused<E, F>, g: Fused<F, G>): Stage<G>;
  stage<A, B, C, D, E, F, G>(options: StageOptions, a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>, e: Fused<D, E>, f: Fused<E, F>, g: Fused<F, G>): Stage<G>;
  stage<A, B, C, D, E, F, G, H>(a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>, e: Fused<D, E>, f: Fused<E, F>, g: Fused<F, G>, h: Fused<G, H>): Stage<H>;
  stage<A, B, C, D, E, F, G, H>(options: StageOptions, a: Fused<T, A>, b: Fused<A, B>, c: Fused<B, C>, d: Fused<C, D>, e: Fused<D, E>, f: Fused<E, F>, g: Fused<F, G>, h: Fused<G, H>): Stage<H>;
  stage(...args: unknown[]): Stage<unknown> {
    return addStage(this.node as StageNode<unknown>, args);
  }
}
