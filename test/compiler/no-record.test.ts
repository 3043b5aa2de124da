// What is no record where one is stored or emitted: js says what plain RxJS says, in the words of ingest, and WebAssembly
// does not take it.
// biome-ignore-all lint/suspicious/noExplicitAny: functions that have no types to speak of.
import { of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import * as op from '../../operators/index.js';
import { keyedTable } from '../../src/operator/index.js';
import { array, f64, i64, struct, text, u8 } from '../../src/schema/index.js';
import * as models from '../models/index.js';
import { thrownBy } from '../schema/harness.js';
import { BACKENDS } from './backends.js';
import { start } from './stage-kit.js';
import { startWasm } from './wasm-kit.js';

const Row = struct({ v: f64, name: text, at: struct({ x: f64 }, 'At'), list: array(u8, 2), big: i64 }, 'Row');
const row = { v: 1, name: 'a', at: { x: 2 }, list: [1, 2], big: 3n };
const table = keyedTable({ key: f64, value: Row });

type Run = (r: any, state: any, emit: any, using: any) => void;
const optionsOf = (keyed: boolean): any => ({
  out: Row,
  state: Row,
  tables: { table },
  ...(keyed ? { key: (r: any) => r.v } : {}),
});

/** What comes of one record by the model. */
function modelled(run: Run, options: any): unknown[] {
  const out: unknown[] = [];
  let failure: Error | undefined;
  of(row)
    .pipe(models.step(run, options))
    .subscribe({
      next: (record) => out.push(record),
      error: (error: Error) => {
        failure = error;
      },
    });
  if (failure !== undefined) throw failure;
  return out;
}

const record = (got: string, name = 'Row') => `Cannot encode ${name}: expected a record, got ${got}`;
const list = (got: string) => `Cannot store ${got} in an array: it takes an array of 2 elements`;
const word = (got: string) => `Cannot store ${got}: only texts that came in with records can be stored`;

const refused: [what: string, run: Run, message: string][] = [
  ['undefined', (_, state) => state.set(undefined), record('undefined')],
  ['null', (_, state) => state.set(null), record('null')],
  ['nothing', (_, state) => state.set(), record('undefined')],
  ['a record or undefined', (r, state) => state.set(r.v > 5 ? r : undefined), record('undefined')],
  ['a record or false', (r, state) => state.set(r.v > 5 && r), record('false')],
  ['a record or 0', (r, state) => state.set(r.v > 5 ? r : 0), record('0')],
  ['a number', (_, state) => state.set(JSON.parse('5')), record('5')],
  ['a string', (_, state) => state.set(JSON.parse('"x"')), record('"x"')],
  ['a state that is not there', (_, state) => state.set(state.value), record('undefined')],
  [
    'a state that was deleted',
    (r, state) => {
      state.set(r);
      if (r.v < 5) state.delete();
      state.set(state.value);
    },
    record('undefined'),
  ],
  ['a spread state that is not there', (_, state) => state.set({ ...state.value }), word('undefined')],
  [
    'one with its texts',
    (r, state) => state.set({ ...state.value, name: r.name }),
    record('undefined', 'At'),
  ],
  [
    'one with its records',
    (r, state) => state.set({ ...state.value, name: r.name, at: r.at }),
    list('undefined'),
  ],
  [
    'one with its arrays',
    (r, state) => state.set({ ...state.value, name: r.name, at: r.at, list: r.list }),
    'Cannot convert undefined to a BigInt',
  ],
  ['a number within', (r, state) => state.set({ ...r, at: JSON.parse('5') }), record('5', 'At')],
  [
    'a shorter array within',
    (r, state) => state.set({ ...r, list: JSON.parse('[1]') }),
    list('an array of 1'),
  ],
  ['an object for an array', (r, state) => state.set({ ...r, list: JSON.parse('{}') }), list('an object')],
  ['a string for an array', (r, state) => state.set({ ...r, list: JSON.parse('"ab"') }), list('"ab"')],
  ['a number for a text', (r, state) => state.set({ ...r, name: JSON.parse('5') }), word('5')],
  [
    'a number assigned',
    (r, state) => {
      state.set(r);
      state.value.at = JSON.parse('5');
    },
    record('5', 'At'),
  ],
  ['undefined in a table', (_, __, ___, { table }) => table.set(1, undefined), record('undefined')],
  ['nothing in a table', (_, __, ___, { table }) => table.set(1), record('undefined')],
  ['of a table what it lacks', (_, __, ___, { table }) => table.set(1, table.get(2)), record('undefined')],
  ['in a table a record or false', (r, _, __, { table }) => table.set(1, r.v > 5 && r), record('false')],
  [
    'in a table a part of what it lacks',
    (r, _, __, { table }) => table.set(1, { ...r, at: table.get(2)?.at }),
    record('undefined', 'At'),
  ],
  ['a number that is emitted', (_, __, emit) => emit(JSON.parse('5')), record('5')],
  ['true that is emitted', (_, __, emit) => emit(JSON.parse('true')), record('true')],
];

describe.each([false, true])('in a step with keys: %s, it is refused to store', (keyed) => {
  const options = optionsOf(keyed);
  test.each(refused)('%s', (_, run, message) => {
    expect(thrownBy(() => modelled(run, options))).toMatchObject({ name: 'TypeError', message });
    expect(thrownBy(() => start(Row, op.step(run, options)).push(row))).toMatchObject({
      name: 'TypeError',
      message,
    });
    expect(thrownBy(() => startWasm(Row, op.step(run, options)))).toMatchObject({ name: 'NotCompilable' });
  });
});

const nothing: [what: string, run: Run][] = [
  ['undefined', (_, __, emit) => emit(undefined)],
  ['null', (_, __, emit) => emit(null)],
  ['no value', (_, __, emit) => emit()],
  ['a record or undefined', (r, _, emit) => emit(r.v > 5 ? r : undefined)],
  ['a record or false', (r, _, emit) => emit(r.v > 5 && r)],
  ['a record or 0', (r, _, emit) => emit(r.v > 5 ? r : 0)],
  ['a state that is not there', (_, state, emit) => emit(state.value)],
  [
    'a state that was deleted',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      emit(state.value);
    },
  ],
  [
    'a state that was perhaps set, from a variable',
    (r, state, emit) => {
      if (r.v > 5) state.set(r);
      const kept = state.value;
      emit(kept);
    },
  ],
  ['of a table what it lacks', (_, __, emit, { table }) => emit(table.get(1))],
];

describe.each(BACKENDS)('on the %s backend, nothing is emitted by emitting', (__, startOn) => {
  describe.each([false, true])('in a step with keys: %s', (keyed) => {
    describe.each([true, false])('and a declared output: %s', (declared) => {
      const { out, ...others } = optionsOf(keyed);
      test.each(nothing)('%s', (_, run) => {
        const options = declared ? { out, ...others } : others;
        const whole = new Function(`return (r, state, emit, { table }) => {
          (${run.toString()})(r, state, emit, { table });
          if (r.v > 5) emit(r);
        };`)() as Run;
        expect(startOn(Row, op.step(whole, options)).push(row)).toEqual([]);
        expect(modelled(whole, options)).toEqual([]);
      });
    });
  });
});

/** Stores what can not be stored once its texts and numbers have been. */
const broken = 'JSON.parse("5")';

describe.each([false, true])('on js, in a step with keys: %s, what can not be stored', (keyed) => {
  const { state, ...others } = optionsOf(keyed);
  const Changed = { ...row, v: 1, name: 'a', at: { x: 9 } };
  const make = (step: string) =>
    start(
      Row,
      op.step(new Function(`return ${step}`)() as Run, {
        state,
        ...others,
        key: keyed ? (r: any) => r.v : undefined,
      }),
    );

  test('leaves no state where there was none', () => {
    const stage = make(`(r, state, emit) => {
      if (state.exists) emit(state.value);
      state.set({ ...r, at: r.at.x > 5 ? ${broken} : r.at });
    }`);
    expect(() => stage.push(Changed)).toThrow('expected a record, got 5');
    expect(stage.push(row, row)).toEqual([row]);
  });

  test('leaves the state that there was', () => {
    const stage = make(`(r, state, emit) => {
      if (state.exists) emit(state.value);
      state.set({ ...r, list: [7, 7], at: r.at.x > 5 ? ${broken} : r.at });
    }`);
    expect(stage.push(row)).toEqual([]);
    expect(() => stage.push({ ...Changed, name: '', big: 9n })).toThrow('expected a record, got 5');
    expect(stage.push(row)).toEqual([{ ...row, list: [7, 7] }]);
  });

  test('leaves a table as it was', () => {
    const stage = make(`(r, _, emit, { table }) => {
      emit(table.get(1));
      emit(table.get(2));
      table.set(r.name === 'a' ? 1 : 2, { ...r, at: r.at.x > 5 ? ${broken} : r.at });
    }`);
    expect(stage.push(row)).toEqual([]);
    expect(() => stage.push({ ...Changed, big: 9n })).toThrow('expected a record, got 5');
    expect(() => stage.push({ ...Changed, name: '' })).toThrow('expected a record, got 5');
    expect(stage.push(row)).toEqual([row]);
  });
});
