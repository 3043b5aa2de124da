// Misuse that must not compile: each line after a directive is an error to the type checker, or the directive is one.
// biome-ignore-all format: a directive covers the line after it.
// biome-ignore-all lint/suspicious/noAssignInExpressions: assignments are what must not be.

import { array, compose, createEngine, defineOperator, f64, fused, keyedTable, struct, text, u32, withUsing } from 'roda-rx';
import * as op from 'roda-rx/operators';
import { map as rxMap } from 'rxjs';
import { engine, everything, Reading, readings } from './pipelines.js';

const Other = struct({ other: text }, 'Other');

export function foreignOperators(): void {
  // @ts-expect-error an RxJS operator is not a fused one
  readings.stage(rxMap((r) => r));
  // @ts-expect-error nor is it after an operator
  readings.stage(op.distinctUntilChanged(), rxMap((r) => r));
  // @ts-expect-error nor after options
  readings.stage({ name: 'x' }, rxMap((r) => r));
  // @ts-expect-error nor in fused()
  fused(Reading, rxMap((r) => r));
  // @ts-expect-error nor in compose()
  compose(Reading, rxMap((r) => r));
  // @ts-expect-error a plain function is no operator
  readings.stage((r) => r);
  // @ts-expect-error a stage needs an operator
  readings.stage();
  // @ts-expect-error options alone are not enough
  readings.stage({ name: 'x' });
  // @ts-expect-error options come first
  readings.stage(op.pairwise(), { name: 'x' });
}

export function options(): void {
  // @ts-expect-error no such option of an engine
  createEngine({ placment: 'inline' });
  // @ts-expect-error no such placement of an engine
  createEngine({ placement: 'elsewhere' });
  // @ts-expect-error no such option of a source
  engine.source(Reading, { capcity: 1 });
  // @ts-expect-error a source drops the newest or nothing
  engine.source(Reading, { overflow: 'drop-oldest' });
  // @ts-expect-error no such retention
  engine.source(Reading, { retain: 'forever' });
  // @ts-expect-error no such option of a stage
  readings.stage({ nam: 'x' }, op.pairwise());
  // @ts-expect-error no such placement
  readings.stage({ placement: 'thread' }, op.pairwise());
  // @ts-expect-error a placement names a worker
  readings.stage({ placement: { thread: 'x' } }, op.pairwise());
  // @ts-expect-error no such policy
  readings.stage({ onError: 'ignore' }, op.pairwise());
  // @ts-expect-error a capacity is a number
  readings.stage({ capacity: '64' }, op.pairwise());
  // @ts-expect-error subscriptions of fused() have no journal that anybody could come to later
  fused(Reading, { retain: 'append' }, op.pairwise());
  // @ts-expect-error no such option of an operator
  readings.stage(op.dedupBy((r) => r.id, { maxkeys: 3 }));
  // @ts-expect-error a bound is a number
  readings.stage(op.pairwiseBy((r) => r.id, { maxKeys: '3' }));
  // @ts-expect-error filter emits what it takes and needs no layout
  readings.stage(op.filter((r) => r.value > 1, { out: Reading }));
  // @ts-expect-error readers start at 'start' or a sequence
  readings.observe({ from: 'end' });
  // @ts-expect-error a parameter is a number
  engine.param('1.5');
}

export function fields(): void {
  // @ts-expect-error no field vlaue
  readings.stage(op.map((r) => ({ v: r.vlaue })));
  // @ts-expect-error no field vlaue in the predicate
  readings.stage(op.filter((r) => r.vlaue > 1));
  // @ts-expect-error no field by that name
  readings.stage(op.distinctUntilKeyChanged('vlaue'));
  // @ts-expect-error no field in what the operator before emits
  readings.stage(op.map((r) => ({ v: r.value })), op.map((r) => ({ w: r.value })));
  // @ts-expect-error a field that using does not give
  readings.stage(op.map((r, { factor }) => ({ v: r.value * factor }), { using: { fcator: 2 } }));
  // @ts-expect-error the state has no field n
  readings.stage(op.stateful((r) => r.id, (r) => ({ v: r.value }), (s) => { s.n += 1; }));
  // @ts-expect-error prev may be undefined
  readings.stage(op.delta((r) => r.id, (curr, prev) => ({ rise: curr.value - prev.value })));
  // @ts-expect-error pairs are records, not tuples
  readings.stage(op.pairwise(), op.map(([prev, curr]) => ({ v: curr.value - prev.value })));
}

export function chains(): void {
  const toOther = op.map((r: { name: string }) => ({ other: r.name }));
  const fromOther = op.map((r: { other: string }) => ({ n: r.other.length }));
  // @ts-expect-error the first takes records with a name
  readings.stage(toOther);
  // @ts-expect-error the second takes records with other
  readings.stage(op.map((r) => ({ v: r.value })), fromOther);
  // @ts-expect-error also behind options
  readings.stage({ name: 'x' }, op.map((r) => ({ v: r.value })), fromOther);
  // @ts-expect-error the third, in fused()
  fused(Reading, op.map((r) => ({ v: r.value })), op.pairwise(), fromOther);
  // @ts-expect-error compose() starts with other records
  compose(Other, op.map((r: Reading) => ({ v: r.value })));
  // @ts-expect-error an operator composed for other records
  readings.stage(compose(Other, op.pairwise()));
  // @ts-expect-error fused() for other records
  fused(Other, compose(Reading, op.pairwise()));
  // @ts-expect-error a source of other records
  engine.source(Other).stage(op.map((r: Reading) => ({ v: r.value })));
}

export function writes(): void {
  // @ts-expect-error the record that comes in is read-only
  readings.stage(op.map((r) => { r.value = 1; return { v: r.value }; }));
  // @ts-expect-error in a predicate, too
  readings.stage(op.filter((r) => (r.value += 1) > 1));
  // @ts-expect-error and in a step
  readings.stage(op.step((r, _state, emit) => { r.value = 1; emit(r); }));
  // @ts-expect-error only update may write the state, not the record
  readings.stage(op.stateful((r) => r.id, (r) => ({ v: r.value }), (s, r) => { r.value = s.v; }));
  // @ts-expect-error the previous record is read-only
  readings.stage(op.delta((r) => r.id, (_, prev) => { if (prev) prev.value = 1; return { v: 1 }; }));
}

export function results(): void {
  // @ts-expect-error map returns records, not scalars
  readings.stage(op.map((r) => r.value));
  // @ts-expect-error nor undefined
  readings.stage(op.map((r) => (r.value > 1 ? { v: 1 } : undefined)));
  // @ts-expect-error a state is a record
  readings.stage(op.stateful((r) => r.id, (r) => r.value, () => {}));
  // @ts-expect-error an accumulator is a record
  readings.stage(op.scan((acc, r) => acc + r.value, 0));
  // @ts-expect-error the accumulator keeps its fields
  readings.stage(op.scan((acc, r) => ({ total: acc.sum + r.value }), { sum: 0 }));
  // @ts-expect-error the layout has other fields
  readings.stage(op.map((r) => ({ v: r.value }), { out: Other }));
  // @ts-expect-error it emits other fields than its layout has
  readings.stage(op.step((r, _state, emit) => emit({ v: r.value }), { out: Other }));
  // @ts-expect-error it keeps other fields than its state has
  readings.stage(op.step((r, state, emit) => { state.set({ v: r.value }); emit(r); }, { state: Other }));
  // @ts-expect-error the seed has other fields than the state
  readings.stage(op.step((r, _state, emit) => emit(r), { state: Other, seed: { v: 1 } }));
}

export function keys(): void {
  // @ts-expect-error a record is no key
  readings.stage(op.dedupBy((r) => r));
  // @ts-expect-error nor is an object
  readings.stage(op.stateful((r) => ({ id: r.id }), (r) => ({ v: r.value }), () => {}));
  // @ts-expect-error nor is undefined
  readings.stage(op.pairwiseBy((r) => (r.id > 1 ? r.id : undefined)));
  // @ts-expect-error nor is a tuple of tuples
  readings.stage(op.delta((r) => [r.id, [r.ts]], (curr) => ({ v: curr.value })));
  // @ts-expect-error nor is an empty tuple
  readings.stage(op.pairwiseBy(() => []));
  // @ts-expect-error nor is nothing
  readings.stage(op.pairwiseBy((r) => { r.id; }));
}

export function records(): void {
  // @ts-expect-error a field is missing
  readings.next({ id: 1, value: 2 });
  // @ts-expect-error a field too many
  readings.next({ id: 1, value: 2, ts: 3, more: 4 });
  // @ts-expect-error a field of another type
  readings.next({ id: '1', value: 2, ts: 3 });
  // @ts-expect-error a bigint where numbers are
  readings.tryNext({ id: 1n, value: 2, ts: 3 });
  // @ts-expect-error records of another source
  readings.nextMany([{ other: 'x' }]);
  // @ts-expect-error a column is missing
  readings.nextMany({ id: new Uint32Array(1), value: new Float64Array(1) });
  // @ts-expect-error a column of bigints for numbers
  readings.nextMany({ id: new Uint32Array(1), value: new Float64Array(1), ts: new BigInt64Array(1) });
  // @ts-expect-error a number for a nested record
  everything.writer().claim()!.place = 1;
  // @ts-expect-error halves are for fields of 64 bits
  everything.writer().claim()!.boolLo = 1;
  // @ts-expect-error fixed arrays don't grow
  everything.subscribe((r) => r.list.push(1));
}

export function structs(): void {
  // @ts-expect-error a name is no field type
  struct({ v: 'f64' });
  // @ts-expect-error a class is no field type
  struct({ v: Number });
  // @ts-expect-error an array has a length
  array(f64);
  // @ts-expect-error a source takes a struct
  engine.source({ id: u32 });
}

export function usings(): void {
  const twice = withUsing((a: number, { by }) => a * by, { by: 2 });
  // @ts-expect-error the function takes a number
  readings.stage(op.map((r, { twice }) => ({ v: twice(String(r.value)) }), { using: { twice } }));
  // @ts-expect-error its own using is filled in
  readings.stage(op.map((r, { twice }) => ({ v: twice(r.value, 3) }), { using: { twice } }));
  // @ts-expect-error the function gets no such value
  withUsing((a: number, { of }) => a * of, { by: 2 });
  // @ts-expect-error not a function
  withUsing(5, { by: 2 });
  const wrong = withUsing((a: number, { by }: { by: string }) => a + by.length, { by: 2 });
  // @ts-expect-error its last parameter takes something else than its using gives
  readings.stage(op.map((r, { wrong }) => ({ v: wrong(r.value) }), { using: { wrong } }));
  const limit = engine.param(1);
  // @ts-expect-error inside, a parameter is just its number
  readings.stage(op.filter((r, { limit }) => r.value > limit.value, { using: { limit } }));
  // @ts-expect-error a parameter takes numbers
  limit.value = '2';
}

export function ownOperators(): void {
  defineOperator<Reading, Reading>({
    name: 'own',
    // @ts-expect-error the record is read-only
    step: (record) => { record.id = 1; },
  });
  defineOperator<Reading, { v: number }>({
    name: 'own',
    // @ts-expect-error it emits other records
    step: (record, _state, emit) => { emit(record); },
  });
  defineOperator<Reading, Reading, unknown, { key: (r: Reading) => number }>({
    name: 'own',
    functions: { key: (r) => r.id },
    // @ts-expect-error no such function
    key: 'kye',
    step: (record, _state, emit) => { emit(record); },
  });
}

export function tables(): void {
  const rows = keyedTable({ key: u32, value: Other });
  const pairs = keyedTable({ key: [u32, text], value: Other });
  // @ts-expect-error a key is a scalar field type or a tuple of them
  keyedTable({ key: Other, value: Other });
  // @ts-expect-error a tuple has a part
  keyedTable({ key: [], value: Other });
  // @ts-expect-error a value is a struct
  keyedTable({ key: u32, value: f64 });
  // @ts-expect-error no such option of a table
  keyedTable({ key: u32, value: Other, maxkeys: 3 });
  // @ts-expect-error tables are made by keyedTable
  readings.stage(op.step(() => {}, { out: Other, tables: { rows: Other } }));
  // @ts-expect-error a key of another kind
  readings.stage(op.step((_r, _s, _e, { rows }) => { rows.get('x'); }, { out: Other, tables: { rows } }));
  // @ts-expect-error a scalar for a tuple
  readings.stage(op.step((_r, _s, _e, { pairs }) => { pairs.get(1); }, { out: Other, tables: { pairs } }));
  // @ts-expect-error a record of another layout
  readings.stage(op.step((_r, _s, _e, { rows }) => { rows.set(1, { others: '' }); }, { out: Other, tables: { rows } }));
  // @ts-expect-error what is got may be missing
  readings.stage(op.step((_r, _s, _e, { rows }) => { rows.get(1).other = ''; }, { out: Other, tables: { rows } }));
  // @ts-expect-error no such table
  readings.stage(op.step((_r, _s, _e, { others }) => { others.get(1); }, { out: Other, tables: { rows } }));
}
