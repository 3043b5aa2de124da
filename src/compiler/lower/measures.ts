// What stages measure with, in a module: histograms, the stop watch of `latency`, the count of `progress`. Each operation is a
// function of the module with the addresses in it; journal/histogram-writer.ts, latency-timer.ts and progress.ts are the same
// in JavaScript, and say why plain accesses do.
import {
  BUCKETS_FROM,
  bucketBits,
  bucketCount,
  ELAPSED,
  GREATEST,
  GREATEST_VALUE,
  type HistogramShape,
  LEAST,
  SKIPS,
  STARTED,
  strideOf,
} from '../../journal/histogram.js';
import { type Measure, NS_PER_MS } from '../../journal/index.js';
import { COUNT, type ProgressShape, SINCE } from '../../journal/progress.js';
import { MEASURE_MEMBERS } from '../analyse/measures.js';
import type { Builder } from './builder.js';
import { add, cellAt, lt, setCell, shl, sub, when } from './cells.js';
import type { ModuleParts } from './context.js';
import { define } from './define.js';
import { doubleImport } from './imports.js';
import {
  type BinaryOp,
  binary,
  call,
  type DefinedFunction,
  type Expression,
  f64,
  get,
  i32,
  i64,
  local,
  unary,
} from './ir.js';
import type { Lowering } from './lowering.js';
import { type NamespaceOperand, type Operand, UNDEFINED } from './operand.js';
import { rawOf } from './scalars.js';

const WORD = 8;
const MANTISSA_BITS = 52;
const EXPONENT_BIAS = 1023;

const compare =
  (code: BinaryOp) =>
  (a: Expression, b: Expression): Expression =>
    binary(code, a, b);
const isLess = compare('f64.lt');
const isMore = compare('f64.gt');
const isAtLeast = compare('f64.ge');

const doubleAt = (address: number, word: number): Expression => ({
  op: 'load',
  code: 'f64.load',
  address: i32(WORD * address),
  offset: WORD * word,
});

function setDouble(b: Builder, address: number, word: number, value: Expression): void {
  b.add({ op: 'store', code: 'f64.store', address: i32(WORD * address), offset: WORD * word, value });
}

const ms = (module: ModuleParts): Expression =>
  call(module.importFunction(...doubleImport('performance.now', 0)));

/** `record(value)`: counts a value. */
function recordFunction(module: ModuleParts, { address, digits }: HistogramShape): DefinedFunction {
  const bits = bucketBits(digits);
  const stride = strideOf(bucketCount(bits));
  const carry = module.importFunction('carryHistogram', ['i32', 'i32', 'i32'], undefined);
  return define(module, `record ${address}`, { value: 'f64' }, undefined, (b, { value }) => {
    const [v, at, count] = [local('f64', 'v'), local('i32', 'at'), local('i32', 'count')];
    b.set(v, f64(0));
    when(b, isMore(get(value), f64(0)), () => b.set(v, binary('f64.min', get(value), f64(GREATEST_VALUE))));
    when(
      b,
      isLess(get(v), f64(2 ** bits)),
      () => b.set(at, unary('i32.trunc_sat_f64_s', get(v))),
      () => {
        // The exponent and the bits behind it, in one number.
        const top = binary(
          'i64.shr_u',
          unary('i64.reinterpret_f64', get(v)),
          i64(BigInt(MANTISSA_BITS - bits)),
        );
        b.set(at, sub(unary('i32.wrap_i64', top), (EXPONENT_BIAS + bits - 1) * 2 ** bits));
      },
    );
    b.set(at, add(shl(at, 2), WORD * address + BUCKETS_FROM));
    b.set(count, add(cellAt(at), 1));
    setCell(b, at, 0, count);
    when(b, binary('i32.lt_s', get(count), i32(0)), () =>
      b.add({ op: 'run', call: call(carry, i32(address), i32(stride), get(at)) }),
    );
    when(b, isLess(get(v), doubleAt(address, LEAST)), () => setDouble(b, address, LEAST, get(v)));
    when(b, isMore(get(v), doubleAt(address, GREATEST)), () => setDouble(b, address, GREATEST, get(v)));
  });
}

type Latency = Extract<Measure, { kind: 'latency' }>;

function latencyFunction(module: ModuleParts, member: string, measure: Latency): DefinedFunction {
  const { shape, every } = measure;
  const { address } = shape;
  const started = doubleAt(address, STARTED);
  const runs = isAtLeast(started, f64(0));
  const read = (b: Builder, word: number, name: string): Expression => b.pin(doubleAt(address, word), name);
  return define(module, `${member} ${address}`, {}, undefined, (b) => {
    switch (member) {
      case 'begin': {
        const skips = cellAt(i32(WORD * (address + SKIPS)));
        const setSkips = (to: Expression): void => setCell(b, i32(WORD * (address + SKIPS)), 0, to);
        when(
          b,
          lt(i32(0), skips),
          () => {
            setSkips(sub(skips, 1));
            setDouble(b, address, STARTED, f64(-1));
          },
          () => {
            setSkips(i32(every - 1));
            setDouble(b, address, ELAPSED, f64(-1));
            setDouble(b, address, STARTED, ms(module));
          },
        );
        return;
      }
      case 'pause':
        when(b, runs, () => {
          const way = b.pin(binary('f64.sub', ms(module), started), 'way');
          const before = binary('f64.max', doubleAt(address, ELAPSED), f64(0));
          setDouble(b, address, ELAPSED, binary('f64.add', way, before));
        });
        return;
      case 'resume':
        when(b, runs, () => setDouble(b, address, STARTED, ms(module)));
        return;
      default:
        when(b, runs, () => {
          const elapsed = local('f64', 'elapsed');
          b.set(elapsed, read(b, ELAPSED, 'before'));
          when(b, isLess(get(elapsed), f64(0)), () => b.set(elapsed, binary('f64.sub', ms(module), started)));
          const ns = binary('f64.mul', get(elapsed), f64(NS_PER_MS));
          b.add({ op: 'run', call: call(recordFunction(module, shape), ns) });
          setDouble(b, address, STARTED, f64(-1));
        });
    }
  });
}

function passFunction(module: ModuleParts, { address }: ProgressShape): DefinedFunction {
  return define(module, `pass ${address}`, {}, undefined, (b) => {
    const count = b.pin(doubleAt(address, COUNT), 'count');
    when(b, binary('f64.eq', count, f64(0)), () =>
      setDouble(b, address, SINCE, call(module.importFunction(...doubleImport('sharedNow', 0)))),
    );
    setDouble(b, address, COUNT, binary('f64.add', count, f64(1)));
  });
}

/** Something to measure with, as functions and steps see it. */
export function measureOperand(low: Lowering, name: string, measure: Measure): NamespaceOperand {
  const { builder, module } = low;
  const run = (callee: DefinedFunction, ...args: Expression[]): Operand => {
    builder.add({ op: 'run', call: call(callee, ...args) });
    return UNDEFINED;
  };
  const known: Readonly<Record<string, (args: readonly Operand[]) => Operand>> = Object.fromEntries(
    MEASURE_MEMBERS[measure.kind].map((member) => [
      member,
      ([value = UNDEFINED]: readonly Operand[]) => {
        switch (measure.kind) {
          case 'histogram':
            return low.each(value, (single) =>
              run(recordFunction(module, measure.shape), rawOf(builder, 'f64', single)),
            );
          case 'latency':
            return run(latencyFunction(module, member, measure));
          case 'progress':
            return run(passFunction(module, measure.shape));
        }
      },
    ]),
  );
  return {
    kind: 'namespace',
    name,
    member: (member) => {
      const call = known[member];
      return call && { kind: 'known', name: member, call };
    },
    members: Object.keys(known),
  };
}
