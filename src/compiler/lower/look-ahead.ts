// Looks ahead in a batch: where a table has grown beyond what a core keeps at hand, every search waits for memory, for the slot
// and then for the entry. Those of several records are looked at in one short loop, so that they wait together, and the hashes
// are kept for the searches themselves.
//
// Only the first operator of a module has records ahead of it, and only keys that are worked out of the record alone are known
// before their turn.
//
// Source: S. Chen, A. Ailamaki, P. Gibbons, T. Mowry, Improving Hash Join Performance through Prefetching, ICDE 2004 (group
// prefetching).
import { Builder } from './builder.js';
import { callClosure } from './calls.js';
import { add, and, eq, giveBack, le, loopWhile, select, setGlobal, sub, when } from './cells.js';
import type { ModuleParts } from './context.js';
import { FailureSites } from './failure-sites.js';
import {
  call,
  type DefinedFunction,
  type Expression,
  type Global,
  get,
  i32,
  type Local,
  local,
  type Statement,
} from './ir.js';
import type { StageInput } from './lower-stage.js';
import { Lowering } from './lowering.js';
import type { OperatorInput } from './operator.js';
import { keyParts } from './state.js';
import type { Remembered, TableCode } from './table.js';
import { UsingOperands } from './using.js';
import { walkBody } from './walk.js';

/** Records are taken in groups of so many. */
export const GROUP = 32;
/** So many groups in a row are looked at ahead, then one is not, in order to see whether it is still worth it: */
const GROUPS_AHEAD = 15;
/** as many of its records were searched for in the index, … */
const SEARCHED = GROUP / 2;
/** … and the table has so many keys. */
const KEYS = 4_096;

/** The slots of records that a loop goes through: the first one's address, the last one's end, the bytes of each. */
export interface Ring {
  readonly base: Local;
  readonly end: Local;
  readonly bytes: Local;
}

/** Goes on to the record after one. */
export function advance(b: Builder, record: Local, { base, end, bytes }: Ring): void {
  b.set(record, add(record, bytes));
  b.set(record, select(eq(record, end), base, record));
}

/** Looks ahead for the first operator of a module. */
export class LookAhead {
  /** How many groups are still to be looked at. */
  private readonly groups: Global = {
    kind: 'global',
    type: 'i32',
    name: 'groupsAhead',
    mutable: true,
    initial: 0,
  };

  private constructor(
    private readonly table: TableCode,
    private readonly remembered: Remembered,
    private readonly ahead: DefinedFunction,
  ) {}

  /** For a module's root; undefined where its first operator has no key, or one that can't be known ahead. */
  static of(module: ModuleParts, root: StageInput): LookAhead | undefined {
    const [operator] = root.operators;
    const table = operator?.state?.table;
    if (operator === undefined || table === undefined) return undefined;
    const ahead = aheadFunction(module, root, operator, table);
    return ahead && new LookAhead(table, table.remember(), ahead);
  }

  /** Adds what comes before a group of so many records. */
  begin(b: Builder, record: Local, group: Local, { base, end, bytes }: Ring): void {
    const { table, groups } = this;
    const { hashes, searches } = this.remembered;
    const many = and(le(SEARCHED, get(searches)), le(KEYS, table.count));
    when(b, many, () => setGlobal(b, groups, i32(GROUPS_AHEAD)));
    setGlobal(b, searches, i32(0));
    setGlobal(b, hashes, i32(0));
    when(b, get(groups), () => {
      setGlobal(b, groups, sub(get(groups), 1));
      setGlobal(b, hashes, call(this.ahead, ...[record, group, base, end, bytes].map(get)));
    });
  }
}

/** `ahead(record, group, base, end, bytes)`: looks at the slots and entries of a group; gives where their hashes are. */
function aheadFunction(
  module: ModuleParts,
  root: StageInput,
  operator: OperatorInput,
  table: TableCode,
): DefinedFunction | undefined {
  const params = ['record', 'group', 'base', 'end', 'bytes'].map((name) => local('i32', name));
  const [record, group, base, end, bytes] = params as [Local, Local, Local, Local, Local];
  const fn: DefinedFunction = { kind: 'defined', name: 'ahead', params, result: 'i32', body: [] };
  const key = keyOf(module, root, operator, table, record);
  if (key === undefined) return undefined;
  const b = new Builder(fn.body);
  const look = table.slotsAhead(GROUP);
  const left = local('i32', 'left');
  b.set(left, get(group));
  look.begin(b);
  loopWhile(
    b,
    () => get(left),
    () => {
      for (const statement of key.statements) b.add(statement);
      look.slot(b, key.parts);
      advance(b, record, { base, end, bytes });
      b.set(left, sub(left, 1));
    },
  );
  look.entries(b, group);
  giveBack(b, look.hashes);
  module.steps.push(fn);
  return fn;
}

/** The parts of the key of the record at an address, if they are worked out of the record alone. */
function keyOf(
  module: ModuleParts,
  root: StageInput,
  { plan, stage, tables }: OperatorInput,
  table: TableCode,
  record: Local,
): { statements: Statement[]; parts: Expression[] } | undefined {
  const closure = plan.functions.get(plan.definition.key as string);
  if (closure === undefined) return undefined;
  const builder = new Builder();
  const low = new Lowering(module, builder, new FailureSites());
  let fails = false;
  const leave = (): void => {
    fails = true;
  };
  low.step = { stage: root.number, operator: 0, leave };
  let parts: Expression[] = [];
  const statements = builder.collect(() => {
    const input = low.record(root.input, { address: get(record), offset: 0 });
    const key = callClosure(low, new UsingOperands(low, stage, tables).closure(closure), [input]);
    if (low.reachable) parts = table.key(builder, keyParts(low, plan, key));
  });
  walkBody(statements, (node) => {
    if (node.op === 'call' || node.op === 'store' || node.op === 'copy' || node.op === 'return') fails = true;
    if (node.op === 'load' && !(node.address.op === 'get' && node.address.of === record)) fails = true;
    if (node.op === 'set' && node.to.kind === 'global') fails = true;
  });
  return fails || parts.length === 0 ? undefined : { statements, parts };
}
