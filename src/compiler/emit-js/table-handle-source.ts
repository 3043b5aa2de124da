// Source text of what a step sees of its tables: an object for each, over the functions of a keyed table.
import type { ScalarName } from '../../schema/index.js';
import type { OperatorPlan } from '../analyse/analyse-operator.js';
import type { TablePlan } from '../analyse/tables.js';
import type { TableSpec } from '../program.js';
import type { DriverContext } from './operator-source.js';
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
  const text = `const key${n} = ${driver.scratch(parts.length)};${tableSource({
    ...spec,
    n,
    owner: `${plan.definition.name} (${name})`,
    deletes: true,
  })}
function look${n}(key) { ${put} find${n}(); }
function keyOf${n}(e) { return ${tuple ? `[${keyOf.join(', ')}]` : keyOf[0]}; }
const table${n} = new (class {
  get size() { return count${n}; }
  has(key) { look${n}(key); return at${n} !== 0; }
  get(key) { look${n}(key); return at${n} === 0 ? undefined : new V${v}(at${n}); }
  set(key, record) {
    const isView = record instanceof V${v};
    if (!isView && (typeof record !== 'object' || record === null)) $notRecord(${JSON.stringify(value.name)}, record);
    look${n}(key);
    if (at${n} === 0) insert${n}();
    if (isView) {
      if (record.$p !== at${n}) copy${v}(at${n}, record.$p);
    } else write${v}(at${n}, record);
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

/** What stores a part of a key at a word address. Adding 0 makes one key of 0 and -0. */
function putPart(type: ScalarName, value: string, at: string): string {
  const half = (number: string): string => `I32[2 * (${at})] = ${number};`;
  switch (type) {
    case 'bool':
      return half(`${value} ? 1 : 0`);
    case 'i8':
      return half(`${value} << 24 >> 24`);
    case 'i16':
      return half(`${value} << 16 >> 16`);
    case 'u8':
      return half(`${value} & 255`);
    case 'u16':
      return half(`${value} & 65535`);
    case 'i32':
    case 'u32':
      return half(value);
    case 'text':
      return half(`T.id(${value})`);
    case 'f32':
      return `F64[${at}] = Math.fround(${value}) + 0;`;
    case 'f64':
    case 'i53':
    case 'u53':
      return `F64[${at}] = ${value} + 0;`;
    case 'i64':
    case 'u64':
      return `I64[${at}] = BigInt.asIntN(64, ${value});`;
  }
}

/** A part of a key at a word address, as functions see it. */
function partOf(type: ScalarName, at: string): string {
  const half = `I32[2 * (${at})]`;
  switch (type) {
    case 'bool':
      return `${half} !== 0`;
    case 'text':
      return `T.string(${half})`;
    case 'u32':
      return `${half} >>> 0`;
    case 'i64':
      return `I64[${at}]`;
    case 'u64':
      return `U64[${at}]`;
    case 'f32':
    case 'f64':
    case 'i53':
    case 'u53':
      return `F64[${at}]`;
    default:
      return half;
  }
}
