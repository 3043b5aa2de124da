// The keyed tables of an operator, for whoever makes them and whoever tells about them.

import { tableLayout } from '../operator/table-layout.js';
import type { OperatorPlan } from './analyse/analyse-operator.js';
import type { TableSpec } from './program.js';

/** That of its state, if it has a key; then those beside it. */
export function tableSpecs(plan: OperatorPlan, operator: number): TableSpec[] {
  const { definition, place, state, key, tables } = plan;
  const of = `of ${definition.name} of stage ${place.stage}`;
  const specs: TableSpec[] = [];
  const add = (spec: Omit<TableSpec, 'operator' | 'id' | 'entryBytes'>): void => {
    const { keys, value, maxKeys } = spec;
    const { entryWords } = tableLayout(keys.length, value?.layout.words ?? 0, maxKeys);
    specs.push({ ...spec, operator, id: tableId(operator, specs.length), entryBytes: 8 * entryWords });
  };
  if (key !== undefined) {
    const { maxKeys, isBounded } = definition;
    add({
      name: 'state',
      purpose: `the keyed state ${of}`,
      keys: key.parts,
      types: key.types,
      tuple: key.tuple,
      value: state,
      maxKeys,
      isBounded,
    });
  }
  for (const { name, parts: keys, types, tuple, value, maxKeys, slots } of tables) {
    const isBounded = definition.tables[name]?.isBounded ?? false;
    const purpose = `the table ${name} ${of}`;
    const spec = { name, purpose, keys, types, tuple, value, maxKeys, isBounded };
    add(slots === undefined ? spec : { ...spec, slots });
  }
  return specs;
}

/** The number of a table within its stage: that of the operator, and its place there in the low 16 bits. */
export function tableId(operator: number, place: number): number {
  return operator * 65_536 + place;
}
