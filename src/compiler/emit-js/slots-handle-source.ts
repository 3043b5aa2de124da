// Source text of what a step sees of a slot store: an object that stores records in it.
import type { TablePlan } from '../analyse/tables.js';
import type { TableSpec } from '../program.js';
import type { DriverContext } from './operator-source.js';
import { putPart } from './table-key-parts.js';
import { plus } from './table-key-source.js';

/** Declares `table<n>` for a slot store: `set` gives the writer the addresses of a key and of a record. */
export function slotsHandleSource(
  table: TablePlan,
  spec: TableSpec,
  n: string,
  driver: DriverContext,
): string {
  const { types, tuple, value } = table;
  const v = driver.number(value);
  const put = types
    .map((type, i) => putPart(type, tuple ? `key[${i}]` : 'key', plus(`key${n}`, i)))
    .join(' ');
  return `const key${n} = ${driver.scratch(types.length)}, copy$${n} = ${driver.scratch(value.layout.words)};
const writer${n} = env.slotWriter(${JSON.stringify(spec.slots)});
const table${n} = new (class {
  set(key, record) {
    const isView = record instanceof V${v};
    if (!isView && (typeof record !== 'object' || record === null)) $notRecord(${JSON.stringify(value.name)}, record);
    ${put}
    if (!isView) write${v}(copy$${n}, record);
    writer${n}.store(key${n}, isView ? record.$p : copy$${n});
  }
})();`;
}
