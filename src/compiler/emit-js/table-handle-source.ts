// Source text of what a step sees of its tables: an object for each, over the functions of a keyed table.
import type { OperatorPlan } from '../analyse/analyse-operator.js';
import type { TablePlan } from '../analyse/tables.js';
import type { TableSpec } from '../program.js';
import type { DriverContext } from './operator-source.js';
import { slotsHandleSource } from './slots-handle-source.js';
import { partOf, putPart } from './table-key-parts.js';
import { plus } from './table-key-source.js';
import { tableSource } from './table-source.js';

/** The code of something that is kept, and what else the driver has to say of it. */
export interface HandleSource {
  readonly text: string;
  readonly disposes: readonly string[];
  /** Word addresses of the headers of its tables. */
  readonly heads: readonly string[];
}

/** Declares `table<n>`, as functions and the step see it. */
export function tableHandleSource(
  table: TablePlan,
  spec: TableSpec,
  n: string,
  plan: OperatorPlan,
  driver: DriverContext,
): HandleSource {
  const { name, parts, types, tuple, value, deletes } = table;
  if (spec.slots !== undefined) {
    return { text: slotsHandleSource(table, spec, n, driver), disposes: [], heads: [] };
  }
  const v = driver.number(value);
  const put = types
    .map((type, i) => putPart(type, tuple ? `key[${i}]` : 'key', plus(`key${n}`, i)))
    .join(' ');
  const keyOf = types.map((type, i) => partOf(type, plus('e', i)));
  const deleting = `
  delete(key) {
    look${n}(key);
    if (at${n} === 0) return false;
    erase${n}(at${n} - ${parts.length});
    return true;
  }
  deleteWhere(test) {
    let deleted = 0;
    for (let id = 0; id < ids${n}; id++) {
      const e = taken${n}(id);
      // The test may delete it itself.
      if (e !== 0 && test(new V${v}(e + ${parts.length}), keyOf${n}(e)) && taken${n}(id) !== 0) {
        erase${n}(e);
        deleted++;
      }
    }
    return deleted;
  }`;
  const text = `const key${n} = ${driver.scratch(parts.length)}, set${n} = ${driver.scratch(value.layout.words)};${tableSource(
    {
      ...spec,
      n,
      owner: `${plan.definition.name} (${name})`,
      deletes: true,
    },
  )}
function look${n}(key) { ${put} find${n}(); }
function keyOf${n}(e) { return ${tuple ? `[${keyOf.join(', ')}]` : keyOf[0]}; }
const table${n} = new (class {
  get size() { return count${n}; }
  has(key) { look${n}(key); return at${n} !== 0; }
  get(key) { look${n}(key); return at${n} === 0 ? undefined : new V${v}(at${n}); }
  set(key, record) {
    const isView = record instanceof V${v};
    // What can not be stored leaves what there was.
    if (!isView) {
      if (typeof record !== 'object' || record === null) $notRecord(${JSON.stringify(value.name)}, record);
      write${v}(set${n}, record);
    }
    look${n}(key);
    if (at${n} === 0) insert${n}();
    const from = isView ? record.$p : set${n};
    if (from !== at${n}) copy${v}(at${n}, from);
  }
  forEach(visit) {
    for (let id = 0; id < ids${n}; id++) {
      const e = taken${n}(id);
      if (e !== 0) visit(new V${v}(e + ${parts.length}), keyOf${n}(e));
    }
  }${deletes ? deleting : ''}
})();`;
  return { text, disposes: [`env.disposeTable(head${n} / 2);`], heads: [`head${n} / 2`] };
}
