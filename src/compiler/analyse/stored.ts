// Records that are stored: emitted, kept as state, put into a table.
import { compileError } from '../diagnostics/compile-error.js';
import { inItsPlace, textOf } from '../diagnostics/remedies.js';
import { type Node, walk } from '../parse/ast.js';
import type { Analysis } from './analysis.js';
import type { Call } from './function-value.js';
import type { RecordType } from './record-type.js';
import type { UsedFunction } from './using.js';
import { describe, NIL, truthyPart, type Value } from './value.js';

/** What messages about stored records show, besides the call. */
export interface Storing {
  readonly analysis: Analysis;
  /** The functions whose results were emitted or stored. */
  readonly functions: ReadonlyMap<string, UsedFunction>;
}

/** Notes that an argument of a call is copied into a place; what is falsy is left out. */
export function store(into: RecordType, call: Call, arg: number, what: string, storing: Storing): void {
  const value = truthyPart(call.args[arg] ?? NIL);
  for (const record of value.records ?? []) {
    if (record === into || into.sources.has(record)) continue;
    into.sources.set(record, { source: call.caller.source, node: call.node });
    storing.analysis.changed = true;
  }
  const { records: _, ...others } =
    into.struct !== undefined && value.unknown ? { ...value, unknown: undefined } : value;
  const wrong = Object.fromEntries(
    Object.entries(others).filter(([, facet]) => facet !== undefined),
  ) as Value;
  if (Object.keys(wrong).length > 0) notRecord(wrong, call, arg, what, storing);
}

/** Something that is no record is stored: shown where a function of the user returns it. */
function notRecord(
  wrong: Value,
  call: Call,
  arg: number,
  what: string,
  { analysis, functions }: Storing,
): void {
  if (!analysis.reporting) return;
  for (const fn of functions.values()) {
    const spot = returned(fn, analysis, wrong);
    if (spot === undefined) continue;
    const text = fn.parsed.text.slice(spot.start, spot.end);
    const short = !text.includes('\n') && text.length <= 60;
    const onlyBool = wrong.bool !== undefined && !wrong.number && !wrong.text;
    const isFlag = onlyBool && analysis.definition.name !== 'map';
    const [record] = fn.parsed.node.params;
    const own = textOf(fn.parsed.text, spot);
    const code = wrong.unknown
      ? undefined
      : !isFlag
        ? `({ value: ${own} })`
        : record?.type === 'Identifier'
          ? `${own} && { ...${record.name} }`
          : undefined;
    const remedy = isFlag
      ? 'end it with the record to emit: `… && ({ … })`'
      : wrong.unknown
        ? 'declare its layout with { out: struct({ … }) }'
        : `return a record: \`({ value: ${short ? text : '…'} })\``;
    throw compileError(
      'NOT_A_RECORD',
      { record: `what it returns`, seen: describe(wrong), remedy },
      fn.parsed,
      { text: fn.parsed.text, node: spot },
      code && inItsPlace(code),
    );
  }
  const remedy = wrong.unknown ? 'declare its layout' : 'give an object with fields, such as `{ value: … }`';
  analysis.problem(
    'NOT_A_RECORD',
    { record: what, seen: describe(wrong), remedy },
    call.caller.at(call.argNodes[arg] ?? call.node),
  );
}

/** Where a function returns something with one of these facets. */
function returned(fn: UsedFunction, analysis: Analysis, wrong: Value): Node | undefined {
  const { node } = fn.parsed;
  const found: Node[] = [];
  const consider = (expression: Node): void => {
    const value = analysis.facts.get(expression);
    if (value === undefined) return;
    const truthy = truthyPart(value) as Record<string, unknown>;
    if (Object.keys(wrong).some((facet) => truthy[facet] !== undefined)) found.push(expression);
  };
  if (node.body.type !== 'BlockStatement') consider(node.body);
  else {
    walk(node.body, (at) => {
      if (at !== node.body && (at.type === 'ArrowFunctionExpression' || at.type.startsWith('Function')))
        return false;
      if (at.type === 'ReturnStatement' && at.argument) consider(at.argument);
      return undefined;
    });
  }
  return found[0];
}
