// The stages of the replay against the plain books, on generated markets and on a real session.
import { readFile } from 'node:fs/promises';
import { createEngine } from 'roda-rx';
import { describe, expect, it } from 'vitest';
import { plainDigest } from '../../../examples/mbo-replay/check.js';
import { type MboColumns, mboColumns } from '../../../examples/mbo-replay/columns.js';
import { readDbnFile } from '../../../examples/mbo-replay/dbn-file.js';
import { generateMbo } from '../../../examples/mbo-replay/generated.js';
import { busiest, drawPicture } from '../../../examples/mbo-replay/picture.js';
import { bookStages } from '../../../examples/mbo-replay/pipeline.js';
import { Mbo, type Signal } from '../../../examples/mbo-replay/records.js';
import { replay } from '../../../examples/mbo-replay/run.js';
import { hasSharedData, sharedFile } from './shared-data.js';

const LISTED = { count: 104185, sum: '7e927b71dfc7052b', hash: '728dc49ff9aed172' };
const SESSION = 'esh4-glbx-mdp3-20231224.mbo.dbn.zst';

const PLACES = [
  ['wasm', 'inline'],
  ['wasm', 'worker'],
  ['js', 'inline'],
  ['js', 'worker'],
] as const;

/** As Databento tells of fills: the trade, the fill, and a cancel of what was filled. */
function* withTrades(batches: Iterable<MboColumns>): Generator<MboColumns> {
  for (const batch of batches) {
    const rows: number[] = [];
    batch.action.forEach((action, i) => {
      rows.push(i);
      if (action === 70) rows.push(i, i);
    });
    const columns = mboColumns(rows.length);
    for (const name of Object.keys(columns) as (keyof MboColumns)[]) {
      rows.forEach((i, at) => {
        columns[name][at] = batch[name][i] as never;
      });
    }
    rows.forEach((i, at) => {
      if (batch.action[i] === 70) columns.action[at] = rows[at - 1] !== i ? 84 : rows[at + 1] === i ? 70 : 67;
    });
    yield columns;
  }
}

describe('the book as the original has it', () => {
  it.each(PLACES)('gives the listed signals, on %s, %s', async (backend, placement) => {
    const options = { book: { backend, placement } };
    const { records, signals } = await replay(generateMbo(100_000), options);
    expect(records).toBe(100_000);
    expect(signals).toEqual(LISTED);
  });

  it('forgets the orders of an instrument when it is cleared, also after a million records', async () => {
    const market = () => generateMbo(1_060_000);
    const { signals } = await replay(market());
    expect(signals).toEqual(await plainDigest(market()));
  }, 240_000);

  it.skipIf(!hasSharedData)('agrees with the plain book on a real session', async () => {
    const session = () => readDbnFile(sharedFile(SESSION));
    const { records, signals } = await replay(session());
    expect(records).toBe(8_725);
    expect(signals).toEqual(await plainDigest(session()));
  });

  it('never gets back a level that was pushed out of the best five; the correct one does', async () => {
    const orders = [1, 2, 3, 4, 5, 6].map((i) => order('A', 'B', i, 100 + i));
    const script = [...orders, order('C', 'B', 6, 106)];
    // 102 to 105 are left of 1 to 5, and 101 comes back only if it is right.
    expect((await signalsOf(script)).at(-1)?.bidVolume).toBeCloseTo(10 * (1 + 0.8 + 0.6 + 0.4), 9);
    expect((await signalsOf(script, 'report')).at(-1)?.bidVolume).toBeCloseTo(10 * 3, 9);
  });

  it('takes off a fill twice when a trade and a cancel tell of it too; the correct one once', async () => {
    const script = [
      order('A', 'B', 1, 100, 30),
      order('A', 'A', 2, 101, 10),
      order('T', 'A', 1, 100, 5),
      order('F', 'B', 1, 100, 5),
      order('C', 'B', 1, 100, 5),
    ];
    expect((await signalsOf(script)).at(-1)).toMatchObject({ bidVolume: 20, askVolume: 10 });
    expect((await signalsOf(script, 'report')).at(-1)).toMatchObject({ bidVolume: 25, askVolume: 10 });
  });

  it('keeps the book of an instrument that is cleared; the correct one is empty', async () => {
    const script = [order('A', 'B', 1, 100), order('R', 'N', 0, 0, 0), order('A', 'A', 2, 101, 4)];
    expect((await signalsOf(script)).at(-1)).toMatchObject({ bidVolume: 10, askVolume: 4 });
    expect((await signalsOf(script, 'report')).at(-1)).toMatchObject({ bidVolume: 0, askVolume: 4 });
  });
});

describe('the correct book', () => {
  it.each(PLACES)(
    'agrees with the plain one where fills stand alone, on %s, %s',
    async (backend, placement) => {
      const market = () => generateMbo(30_000);
      const { signals } = await replay(market(), { book: { backend, placement, correct: 'reduce' } });
      expect(signals).toEqual(await plainDigest(market(), 'reduce'));
    },
  );

  it('agrees with the plain one where trades, fills and cancels tell of the same', async () => {
    const market = () => withTrades(generateMbo(30_000));
    const { signals } = await replay(market(), { book: { correct: 'report' } });
    expect(signals).toEqual(await plainDigest(market(), 'report'));
    // A market in which fills alone reduce ends with the same books.
    const alone = await replay(generateMbo(30_000), { book: { correct: 'reduce' } });
    expect(alone.signals).toEqual(signals);
  });

  it.skipIf(!hasSharedData)('agrees with the plain one on a real session', async () => {
    const session = () => readDbnFile(sharedFile(SESSION));
    const { signals } = await replay(session(), { book: { correct: 'report' } });
    expect(signals).toEqual(await plainDigest(session(), 'report'));
  });
});

describe('replay()', () => {
  it.each([undefined, 'reduce', 'report'] as const)(
    'runs as WebAssembly, with correct %s',
    async (correct) => {
      const engine = createEngine({ placement: 'inline' });
      const options = { placement: 'inline', ...(correct && { correct }) } as const;
      const { deltas, levels, signals } = bookStages(engine.source(Mbo), options);
      for (const stage of [deltas, levels, signals]) {
        const { name, backend, operators } = stage.explain();
        expect([name, backend, operators[0]?.reason]).toEqual([name, 'wasm', undefined]);
      }
      await engine.close();
    },
  );

  it('takes no less time than was recorded, where it is paced, and gives the same signals', async () => {
    const batch = () => generateMbo(2_000, 500);
    let first = 0n;
    let last = 0n;
    for (const { ts } of batch()) {
      first ||= ts[0]!;
      last = ts.at(-1)!;
    }
    const speed = 0.02;
    const paced = await replay(batch(), { speed });
    expect(paced.ms).toBeGreaterThanOrEqual(Number(last - first) / 1e6 / speed);
    expect(paced.signals).toEqual(await plainDigest(batch()));
    expect(paced.latencies.count).toBe(paced.signals.count);
  });

  it.each([undefined, 'reduce'] as const)(
    'takes no more memory the longer it runs, with correct %s',
    async (correct) => {
      const engine = createEngine({ placement: 'inline' });
      const source = engine.source(Mbo);
      bookStages(source, { placement: 'inline', ...(correct && { correct }) });
      const taken = () => engine.memory().regions.reduce((sum, { bytes }) => sum + bytes, 0);
      // Ever new orders, at prices that wander off; two thousand of them rest at a time.
      let id = 0;
      const churn = (records: number) => {
        for (const end = id + records / 2; id < end; id++) {
          source.next(order('A', id % 2 ? 'A' : 'B', id, 1_000 + (id >> 6)));
          const old = id - 2_000;
          if (old >= 0) source.next(order('C', old % 2 ? 'A' : 'B', old, 1_000 + (old >> 6)));
        }
        source.flush();
      };
      churn(20_000);
      const before = taken();
      churn(200_000);
      expect(taken()).toBe(before);
      await engine.close();
    },
  );

  it('gives the picture in the docs', async () => {
    const { records, signals, traces } = await replay(generateMbo(400_000));
    const svg = drawPicture({
      traces: busiest(traces, (symbol) => `instrument ${symbol}`),
      records,
      signals: signals.count,
    });
    const committed = await readFile(new URL('../../../docs/images/mbo-replay.svg', import.meta.url), 'utf8');
    expect(svg === committed).toBe(true);
  }, 120_000);
});

/** What happens to an order of instrument 1. */
function order(action: string, side: string, id: number, price: number, size = 10) {
  return {
    ts: BigInt(id),
    orderId: BigInt(id),
    price: BigInt(price),
    size,
    instrumentId: 1,
    tsRecv: 0n,
    action: action.charCodeAt(0),
    side: side.charCodeAt(0),
  };
}

async function signalsOf(orders: Iterable<ReturnType<typeof order>>, correct?: 'report'): Promise<Signal[]> {
  const engine = createEngine({ placement: 'inline' });
  const source = engine.source(Mbo);
  const found: Signal[] = [];
  bookStages(source, { placement: 'inline', ...(correct && { correct }) }).signals.subscribe((s) =>
    found.push(s),
  );
  source.nextMany(orders);
  await engine.close();
  return found;
}
