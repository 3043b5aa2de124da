// Wrong calls of the public API: each is refused at once, with a code, and says what is wrong, where, and what is right.
import { of, map as rxMap } from 'rxjs';
import { afterAll, describe, expect, test } from 'vitest';
import * as op from '../../operators/index.js';
import {
  array,
  compose,
  createEngine,
  defineOperator,
  f64,
  fused,
  keyedTable,
  openHistogram,
  openProgress,
  openSlots,
  struct,
  u32,
  withUsing,
} from '../../src/index.js';

const Item = struct({ id: u32, v: f64 });
const engine = createEngine({ placement: 'inline' });
afterAll(() => engine.close());

// biome-ignore lint/suspicious/noExplicitAny: calls that types would refuse.
type Any = any;
const source = (): Any => engine.source(Item);
const options = (of: object): Any => createEngine({ placement: 'inline', ...of });
const ops: Any = op;
const high = () => op.filter<{ id: number; v: number }>((r) => r.v > 1);

const kept = (): Any =>
  source().stage(
    op.stateful(
      (r: Any) => r.id,
      (r: Any) => ({ v: r.v }),
      (s: Any) => {
        s.v += 1;
      },
    ),
    op.filter((r: Any) => r.v > 1),
  );

/** What it is called, the code, a part of the message, and the call. */
const calls: readonly (readonly [what: string, code: string, says: string | RegExp, call: () => unknown])[] =
  [
    ['an engine of null', 'OPTIONS', 'an engine: its options are null', () => createEngine(null as Any)],
    ['an engine of a text', 'OPTIONS', "its options are 'x'", () => createEngine('x' as Any)],
    ['no workers', 'OPTION', 'maxWorkers is 0, allowed is a whole number', () => options({ maxWorkers: 0 })],
    ['workers in a text', 'OPTION', "maxWorkers is '2'", () => options({ maxWorkers: '2' })],
    ['a timeout in the past', 'OPTION', 'closeTimeoutMs is -5', () => options({ closeTimeoutMs: -5 })],
    ['an endless timeout', 'OPTION', 'is Infinity', () => options({ closeTimeoutMs: Infinity })],
    ['no texts', 'OPTION', 'maxTexts is 0', () => options({ maxTexts: 0 })],
    ['half a text', 'OPTION', 'maxTexts is 1.5', () => options({ maxTexts: 1.5 })],
    ['less than no texts', 'OPTION', 'maxTextBytes is -1', () => options({ maxTextBytes: -1 })],
    ['half a byte', 'MEMORY_SIZE', '1048576.5 bytes', () => options({ memory: 2 ** 20 + 0.5 })],
    ['an engine without a name', 'OPTION', "name is '', allowed is a text", () => options({ name: '' })],

    ['a struct of nothing', 'STRUCT_FIELDS', 'a struct of undefined', () => (struct as Any)()],
    ['a struct of null', 'STRUCT_FIELDS', 'a struct of null', () => struct(null as Any)],
    ['a struct of a list', 'STRUCT_FIELDS', 'a struct of an array', () => struct([u32] as Any)],
    ['a struct named 5', 'STRUCT_FIELDS', 'fields and 5', () => struct({ a: u32 }, 5 as Any)],
    ['length before element', 'ARRAY_LENGTH', 'of length an object', () => array(3 as Any, u32 as Any)],

    ['options of null', 'OPTIONS', 'a source: its options are null', () => engine.source(Item, null as Any)],
    ['a name as options', 'OPTIONS', "are 'x', allowed is an object", () => engine.source(Item, 'x' as Any)],
    ['a source named 7', 'OPTION', 'name is 7', () => engine.source(Item, { name: 7 as Any })],
    ['placement null', 'OPTION', 'placement is null', () => source().stage({ placement: null }, high())],
    [
      'a worker without a name',
      'OPTION',
      'placement is an object',
      () => source().stage({ placement: { worker: '' } }, high()),
    ],
    ['a text as signal', 'OPTION', 'an AbortSignal', () => source().stage({ signal: 'x' }, high())],
    ['a stage named 3', 'OPTION', 'name is 3', () => source().stage({ name: 3 }, high())],
    ['a list of operators', 'NOT_AN_OPERATOR', 'argument 1 is an array', () => source().stage([high()])],
    ['options last', 'NOT_AN_OPERATOR', 'options come first', () => source().stage(high(), { name: 'x' })],
    [
      'two stages of one name',
      'OPTION',
      /name is 'twice', allowed is a name that no other stage of source source\d+ has/,
      () => source().stage({ name: 'twice' }, high()).stage({ name: 'twice' }, high()),
    ],

    [
      'fused() without a struct',
      'NOT_A_STRUCT',
      'fused of an object',
      () => (fused as Any)({ id: u32 }, high()),
    ],
    ['fused() of nothing', 'NO_OPERATORS', 'fused', () => (fused as Any)(Item)],
    [
      'fused() with an option too many',
      'OPTION',
      'retain is unknown',
      () => fused(Item, { retain: 'append' } as Any, high()),
    ],
    ['fused() on no engine', 'OPTION', 'an engine', () => fused(Item, { engine: {} } as Any, high())],
    [
      'compose() without a struct',
      'NOT_A_STRUCT',
      'compose of an object',
      () => (compose as Any)(high(), high()),
    ],
    ['compose() of nothing', 'NO_OPERATORS', 'compose', () => (compose as Any)(Item)],
    ['compose() of RxJS', 'NOT_AN_OPERATOR', 'argument 2', () => compose(Item, rxMap((r) => r) as Any)],
    ['latency() of nothing', 'NO_OPERATORS', 'latency', () => ops.latency('x')],
    [
      'latency() of RxJS',
      'NOT_AN_OPERATOR',
      'latency: argument 2',
      () =>
        ops.latency(
          'x',
          rxMap((r) => r),
        ),
    ],
    ['latency() misspelt', 'OPTION', 'evry is unknown', () => ops.latency({ name: 'x', evry: 1 }, high())],
    ['latency() unnamed', 'OPTION', 'name is undefined', () => ops.latency(high())],

    ['a field as key', 'NOT_A_FUNCTION', 'dedupBy((r) => r.id)', () => ops.dedupBy('id')],
    ['an observer', 'NOT_A_FUNCTION', 'got an object', () => ops.tap({ next: () => {} })],
    ['options misspelt', 'OPTION', 'maxkeys is unknown', () => ops.dedupBy((r: Any) => r.id, { maxkeys: 3 })],
    ['values beside using', 'OPTION', '`using: { limit }`', () => ops.filter((r: Any) => r.v, { limit: 3 })],
    [
      'a function as options',
      'OPTIONS',
      'filter',
      () =>
        ops.filter(
          (r: Any) => r.v,
          () => 1,
        ),
    ],
    [
      'fields as layout',
      'OPTION',
      'out is an object, allowed is a struct',
      () => ops.map((r: Any) => r, { out: { v: f64 } }),
    ],
    [
      'a seed for each key',
      'OPTION',
      'seed is given beside a key',
      () => ops.step(() => {}, { key: (r: Any) => r.id, seed: { n: 0 } }),
    ],
    ['a table of nothing', 'OPTIONS', 'keyedTable', () => (keyedTable as Any)()],
    ['a table misspelt', 'OPTION', 'maxkeys', () => keyedTable({ key: u32, value: Item, maxkeys: 3 } as Any)],
    ['an operator of nothing', 'OPTIONS', 'an operator', () => (defineOperator as Any)()],
    [
      'a key of no function',
      'OPTION',
      'it has none',
      () => defineOperator({ name: 'x', key: 'k', step: () => {} } as Any),
    ],
    [
      'an operator misspelt',
      'OPTION',
      'sed is unknown',
      () => defineOperator({ name: 'x', sed: {}, step: () => {} } as Any),
    ],
    ['withUsing() of nothing', 'OPTIONS', 'withUsing', () => (withUsing as Any)((a: number) => a)],

    ['a handle of nothing', 'HANDLE', 'a slot store by undefined', () => (openSlots as Any)()],
    [
      'a store as its handle',
      'HANDLE',
      'a slot store by an object',
      () => openSlots(engine.slots(Item, 2) as Any),
    ],
    ['no histogram', 'HANDLE', 'a histogram by null', () => openHistogram(null as Any)],
    [
      'a store as a histogram',
      'HANDLE',
      'a histogram by',
      () => openHistogram(engine.slots(Item, 2).handle as Any),
    ],
    ['no progress', 'HANDLE', 'a progress by 3', () => openProgress(3 as Any)],
    ['a histogram misspelt', 'OPTION', 'digit is unknown', () => engine.histogram('h', { digit: 2 } as Any)],
    ['percentile 101', 'HISTOGRAM_PERCENTILE', 'of histogram h', () => engine.histogram('h').percentile(101)],
    ['percentile "50"', 'HISTOGRAM_PERCENTILE', '"50"', () => engine.histogram('h').percentile('50' as Any)],
    [
      'a worker without journals',
      'OPTIONS',
      'a worker',
      () => (engine.worker as Any)('data:text/javascript,'),
    ],
    ['a state misspelt', 'OPTION', 'op is unknown', () => kept().state(1, { op: 0 })],
    [
      'the state of no operator',
      'STATE_UNAVAILABLE',
      'it has no operator nope; it has stateful (0), filter (1)',
      () => kept().state(1, { operator: 'nope' }),
    ],
    [
      'the state of a filter',
      'STATE_UNAVAILABLE',
      'operator 1 keeps no state by key',
      () => kept().state(1, { operator: 1 }),
    ],
    [
      'a table that is not there',
      'STATE_UNAVAILABLE',
      'operator stateful keeps no table t',
      () => kept().state(1, { operator: 'stateful', table: 't' }),
    ],
    [
      'a replay back in time',
      'OPTION',
      'not before',
      () => engine.replay(Item, '/nowhere', { from: 2, to: 1 }),
    ],

    ['many of null', 'RECORDS_TYPE', 'columns', () => source().nextMany(null)],
    ['many of 3', 'RECORDS_TYPE', 'records of 3 into', () => source().nextMany(3)],
    ['to consume null', 'RECORDS_TYPE', 'ReadableStream', () => source().consume(null)],
    [
      'to consume an Observable',
      'RECORDS_TYPE',
      'is subscribed to',
      () => source().consume(of({ id: 1, v: 1 })),
    ],
  ];

describe('a wrong call is refused', () => {
  test.each(calls)('%s', async (_, code, says, call) => {
    let refused: Any;
    try {
      await call();
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({ code });
    expect(refused.message).toMatch(says);
  });
});

test('a stage that was refused leaves its source as it was', async () => {
  const items = engine.source(Item);
  const seen: number[] = [];
  items.stage({ name: 'one' }, high()).subscribe(({ id }) => seen.push(id));
  expect(() => items.stage({ name: 'one' }, high())).toThrow("name is 'one'");
  items.stage({ name: 'two' }, high());
  items.nextMany([
    { id: 1, v: 1 },
    { id: 2, v: 2 },
  ]);
  await engine.idle();
  expect(seen).toEqual([2]);
  expect(engine.stats().stages.filter(({ name }) => name === 'one')).toHaveLength(1);
});
