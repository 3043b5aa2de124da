// The keyed tables of an operator, for whoever makes them and whoever tells about them.

import type { KeyPart } from '../operator/table-layout.js';
import { tableLayout } from '../operator/table-layout.js';
import type { Struct } from '../schema/index.js';
import type { OperatorPlan } from './analyse/analyse-operator.js';
import type { TableSpec } from './program.js';

/** That of its state, if it has a key; then those beside it. */
export function tableSpecs(plan: OperatorPlan, operator: number): TableSpec[] {
  const { definition, place, state, key, tables } = plan;
  const of = `of ${definition.name} of stage ${place.stage}`;
  const spec = (
    name: string,
    purpose: string,
    keys: readonly KeyPart[],
    value: Struct | undefined,
    maxKeys: number,
  ): TableSpec => {
    const { entryWords } = tableLayout(keys.length, value?.layout.words ?? 0, maxKeys);
    return { operator, name, purpose, keys, value, maxKeys, entryBytes: 8 * entryWords };
  };
  return [
    ...(key === undefined
      ? []
      : [spec('state', `the keyed state ${of}`, key.parts, state, definition.maxKeys)]),
    ...tables.map(({ name, parts, value, maxKeys }) =>
      spec(name, `the table ${name} ${of}`, parts, value, maxKeys),
    ),
  ];
}
