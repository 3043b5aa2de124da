// Errors of the compiler: what, where (stage, operator, function), a code frame and a remedy.

import { compilerErrors } from '../../errors/catalogue-compiler.js';
import { type CodedError, fail } from '../../errors/index.js';
import { codeFrame } from './code-frame.js';

/** Where a function stands. */
export interface Place {
  readonly stage: string;
  readonly operator: string;
  /** The function's name within its operator: `compare`, or `rises` of `using`; '' for the operator itself. */
  readonly name: string;
}

/** A piece of a function's source. */
export interface Spot {
  readonly text: string;
  readonly node: { readonly start: number; readonly end: number };
}

type Codes = typeof compilerErrors;
type OwnParams<C extends keyof Codes> = Omit<Parameters<Codes[C]['message']>[0], 'where' | 'detail'>;

/**
 * An error of the compiler.
 *
 * @param spot What it is about; shown as a code frame.
 * @param remedy Text to follow the frame, such as the corrected call; what the catalogue says unless given.
 */
export function compileError<C extends keyof Codes>(
  code: C,
  params: OwnParams<C>,
  place: Place,
  spot?: Spot,
  remedy?: string,
  extra: Readonly<Record<string, unknown>> = {},
): CodedError {
  const frame = spot === undefined ? undefined : codeFrame(spot.text, spot.node.start, spot.node.end);
  const advice = 'remedy' in params ? undefined : compilerErrors[code].remedy;
  const detail = [frame, remedy ?? advice]
    .filter((part) => part !== undefined)
    .map((part) => `\n\n${part}`)
    .join('');
  return fail(code, { ...params, where: whereOf(place), detail } as never, {
    stage: place.stage,
    operator: place.operator,
    function: place.name,
    ...(frame === undefined ? {} : { frame }),
    ...extra,
  });
}

function whereOf(place: Place): string {
  const operator = `${place.operator} in stage ${place.stage}`;
  return place.name === '' ? operator : `${place.name} of ${operator}`;
}
