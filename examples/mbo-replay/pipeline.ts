// The pipeline: orders → changes of volume → levels → signals, as the original has it or as it is right for real markets.
import type { Source, Stage, StageOptions } from 'roda-rx';
import { weighBook } from './book.js';
import { weighBookCorrectly } from './correct-book.js';
import { type Fills, trackOrdersCorrectly } from './correct-orders.js';
import { sumLevels } from './levels.js';
import { trackOrders } from './orders.js';
import type { Delta, Level, Mbo, Signal } from './records.js';

export interface BookOptions extends Pick<StageOptions, 'placement' | 'backend'> {
  /** How many orders, prices and symbols may be there at a time. */
  readonly maxOrders?: number;
  readonly maxLevels?: number;
  readonly maxSymbols?: number;
  /** Right for real markets, with what fills do; without it as the original has it. */
  readonly correct?: Fills;
}

export interface BookStages {
  readonly deltas: Stage<Delta>;
  readonly levels: Stage<Level>;
  readonly signals: Stage<Signal>;
}

/** Adds the three stages; unless told, they run through each other in one worker. */
export function bookStages(orders: Source<Mbo>, options: BookOptions = {}): BookStages {
  const {
    maxOrders = 1_000_000,
    maxLevels = 1_000_000,
    maxSymbols = 100_000,
    correct,
    placement = { worker: 'book' },
    ...rest
  } = options;
  const where = { ...rest, placement };
  const deltas = orders.stage(
    { ...where, name: 'orders' },
    correct ? trackOrdersCorrectly(maxOrders, correct) : trackOrders(maxOrders),
  );
  const levels = deltas.stage(
    { ...where, name: 'levels' },
    sumLevels(maxLevels, { tellsClear: correct !== undefined }),
  );
  const signals = levels.stage(
    { ...where, name: 'book' },
    correct ? weighBookCorrectly(maxSymbols, maxLevels) : weighBook(maxSymbols),
  );
  return { deltas, levels, signals };
}
