// The type tests hold, and notice when a type gets lost.
import { describe, expect, it } from 'vitest';
import { type Change, typeErrors } from './type-check.js';

describe('the type tests', () => {
  it('hold', () => {
    expect(typeErrors()).toEqual([]);
  });

  const changes: readonly (readonly [what: string, change: Change])[] = [
    [
      'what a stage emits becomes any',
      {
        file: 'src/rx/stage-method.ts',
        from: 'c: Fused<B, C>): Stage<C>',
        to: 'c: Fused<B, C>): Stage<any>',
      },
    ],
    [
      'what a stage emits becomes unknown',
      {
        file: 'src/rx/stage-method.ts',
        from: '<A>(a: Fused<T, A>): Stage<A>',
        to: '<A>(a: Fused<T, A>): Stage<unknown>',
      },
    ],
    [
      'the second operator of a chain takes anything',
      {
        file: 'src/rx/stage-method.ts',
        from: 'b: Fused<Flow<A, T>, B>): Stage<B>',
        to: 'b: Fused<any, B>): Stage<B>',
      },
    ],
    [
      'operators lose their records',
      { file: 'src/operator/fused.ts', from: '(record: In) => Out', to: 'unknown' },
    ],
    [
      'fused() emits any',
      {
        file: 'src/rx/fused.ts',
        from: 'h: Fused<G, H>): OperatorFunction<T, H>',
        to: 'h: Fused<G, H>): OperatorFunction<T, any>',
      },
    ],
    [
      'compose() emits unknown',
      {
        file: 'src/operator/compose.ts',
        from: 'c: Fused<B, C>): Fused<T, C>',
        to: 'c: Fused<B, C>): Fused<T, unknown>',
      },
    ],
    ['using gives any', { file: 'src/operator/using.ts', from: 'F : U[K];', to: 'F : any;' }],
    ['records may be written', { file: 'operators/map.ts', from: 'record: Readonly<T>', to: 'record: T' }],
    ['map takes scalars', { file: 'operators/map.ts', from: 'R extends object', to: 'R' }],
    [
      'delta emits what means nothing',
      { file: 'operators/delta.ts', from: 'Fused<T, Emitted<R>> {', to: 'Fused<T, R> {' },
    ],
    [
      'keys are anything',
      { file: 'src/operator/define-operator.ts', from: 'export type Key =', to: 'export type Key = any |' },
    ],
    [
      'a field is any',
      { file: 'src/schema/fields.ts', from: "scalar<string>('text')", to: "scalar<any>('text')" },
    ],
    [
      'stage options are anything',
      {
        file: 'src/engine/options.ts',
        from: 'readonly onError?: OnError;',
        to: '[option: string]: unknown;',
      },
    ],
    [
      'a source takes anything',
      {
        file: 'src/rx/source.ts',
        from: 'readonly next: (value: T) => void',
        to: 'readonly next: (value: any) => void',
      },
    ],
  ];

  it.each(changes)('fail when %s', (_, change) => {
    expect(typeErrors(change)).not.toEqual([]);
  });
});
