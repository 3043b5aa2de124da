// Random things that happen to few orders at few prices: the stages do what the plain books do, also with what no market sends.
import fc from 'fast-check';
import { createEngine, type Infer } from 'roda-rx';
import { describe, expect, it } from 'vitest';
import { plainBook } from '../../../bench/workloads/mbo/plain-book.js';
import type { Signal } from '../../../bench/workloads/mbo/records.js';
import { bookStages } from '../../../examples/mbo-replay/pipeline.js';
import { plainCorrectBook } from '../../../examples/mbo-replay/plain-correct-book.js';
import { Mbo } from '../../../examples/mbo-replay/records.js';

type Row = Infer<typeof Mbo>;

const letter = (letters: string) => fc.constantFrom(...letters).map((character) => character.charCodeAt(0));

/** @param prices The lowest and the highest. */
const rowsWith = (
  prices: { min: number; max: number },
  sizes: { min: number; max: number },
): fc.Arbitrary<Row[]> =>
  fc.array(
    fc.record({
      ts: fc.bigInt({ min: 0n, max: 9n }),
      orderId: fc.bigInt({ min: 0n, max: 40n }),
      price: fc.integer(prices).map(BigInt),
      size: fc.integer(sizes),
      instrumentId: fc.constantFrom(1, 2),
      tsRecv: fc.constant(0n),
      action: letter('AAAAAAMMCCFTRN'),
      side: letter('AAAABBBBN'),
    }),
    { maxLength: 400 },
  );

async function signalsOf(rows: readonly Row[], backend: 'js' | 'wasm', correct?: 'reduce' | 'report') {
  const engine = createEngine({ placement: 'inline' });
  const source = engine.source(Mbo);
  const found: Signal[] = [];
  const options = { placement: 'inline', backend, ...(correct && { correct }) } as const;
  bookStages(source, options).signals.subscribe((signal) => found.push(signal));
  source.nextMany(rows);
  await engine.close();
  return found;
}

function plainSignals(
  rows: readonly Row[],
  book: (emit: (signal: Signal) => void) => (record: never) => void,
) {
  const found: Signal[] = [];
  const next = book((signal) => found.push(signal));
  for (const row of rows) {
    next({ ...row, orderId: Number(row.orderId), price: Number(row.price) } as never);
  }
  return found;
}

describe.each(['js', 'wasm'] as const)('on %s', (backend) => {
  const options = { numRuns: Number(process.env.RUNS ?? 15), verbose: 1 } as const;

  it('the book as the original has it does what the plain one does, prices of 0 and below included', async () => {
    const rows = rowsWith({ min: -2, max: 9 }, { min: 0, max: 4 });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        expect(await signalsOf(given, backend)).toEqual(plainSignals(given, plainBook));
      }),
      options,
    );
  }, 120_000);

  it.each(['reduce', 'report'] as const)(
    'the correct book does what the plain one does, where fills %s',
    async (fills) => {
      // More levels a side than are kept in order.
      const rows = rowsWith({ min: -20, max: 20 }, { min: 1, max: 4 });
      const plain = (emit: (signal: Signal) => void) => plainCorrectBook(emit, fills);
      await fc.assert(
        fc.asyncProperty(rows, async (given) => {
          expect(await signalsOf(given, backend, fills)).toEqual(plainSignals(given, plain));
        }),
        options,
      );
    },
    120_000,
  );
});
