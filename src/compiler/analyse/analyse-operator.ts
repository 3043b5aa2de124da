// Analyses one operator: evaluates its step over its input until everything is known of what it stores and emits.

import type { OperatorDefinition } from '../../operator/index.js';
import { MAX_MAX_KEYS } from '../../operator/table-layout.js';
import type { Struct } from '../../schema/index.js';
import { compileError, type Place } from '../diagnostics/compile-error.js';
import { addParameters, expressionBody } from '../diagnostics/corrected-call.js';
import { useOf } from '../diagnostics/plain-values.js';
import { callSo, functionSo } from '../diagnostics/remedies.js';
import { foldingRecords, returning } from '../diagnostics/rewrites.js';
import { valueText } from '../diagnostics/source-text.js';
import { walk } from '../parse/ast.js';
import { type ParsedFunction, parseFunction } from '../parse/parse-function.js';
import { SourceEdits } from '../parse/source-edits.js';
import { Activation } from './activation.js';
import { Analysis, typeName } from './analysis.js';
import { callFunction } from './calls.js';
import { checkCaptures } from './captures.js';
import type { ClosureValue } from './function-value.js';
import { fieldsRead } from './kept-fields.js';
import { type KeyShape, keyShape } from './key.js';
import { Layouts, leavesOf } from './layouts.js';
import { checkPassed } from './passed.js';
import { RecordType } from './record-type.js';
import { type Box, type Handles, handlesOf } from './step-scope.js';
import { type TablePlan, takeTables, withTables } from './tables.js';
import {
  constantValue,
  type StageValues,
  takeIn,
  takeUsing,
  type UsedFunction,
  type UsingPlan,
} from './using.js';
import { NEVER, namespaceOf, recordOf, type Value } from './value.js';

/** What is known of an operator; every backend starts from it. */
export interface OperatorPlan {
  readonly definition: OperatorDefinition;
  readonly place: Place;
  readonly input: Struct;
  readonly output: Struct;
  /** The layout of the state; undefined if nothing is ever kept. */
  readonly state: Struct | undefined;
  readonly key: KeyShape | undefined;
  readonly step: ParsedFunction;
  /** The functions given to the operator, by name. */
  readonly functions: ReadonlyMap<string, UsedFunction>;
  /** The tables beside the state. */
  readonly tables: readonly TablePlan[];
  /** What the functions get, the tables included. */
  readonly using: UsingPlan;
  /** What the step gets besides, the tables included. */
  readonly constants: UsingPlan;
  readonly analysis: Analysis;
  readonly handles: Handles;
  /** The layouts of literals, boxes and compared records. */
  readonly layouts: Layouts;
  readonly boxes: ReadonlyMap<string, Box>;
  /** What `same` compares; undefined if it is never called. */
  readonly compared: Struct | undefined;
  /** Texts that must be in the text table before the stage runs. */
  readonly texts: readonly string[];
  /** Where each record comes from: the input's own type. */
  readonly inputType: RecordType;
  /** Whether something else than a record may reach `emit`. */
  readonly emitsOthers: boolean;
  /** Which constant of the stage the initial state is. */
  readonly seedConstant: number | undefined;
}

export function analyseOperator(
  definition: OperatorDefinition,
  input: Struct,
  stage: string,
  values: StageValues,
): OperatorPlan {
  const place: Place = { stage, operator: definition.name, name: '' };
  checkInput(definition, input, place);
  const { maxKeys } = definition;
  if (
    definition.key !== undefined &&
    !(Number.isInteger(maxKeys) && maxKeys >= 1 && maxKeys <= MAX_MAX_KEYS)
  ) {
    throw compileError('MAX_KEYS', { maxKeys }, place);
  }
  const analysis = new Analysis(place, definition);
  const step = parseFunction(definition.step, { ...place, name: 'step' });
  const inputType = RecordType.struct(input, 'the record');
  const handles = handlesOf(definition, analysis);
  const given = takeUsing(definition.using, place, values, 'using', (path, value) =>
    useOf(definition, path, value),
  );
  const ownConstants = takeUsing(definition.constants, place, values, 'the constants');
  const taken = new Set([
    ...given.entries.keys(),
    ...ownConstants.entries.keys(),
    ...Object.keys(definition.functions),
  ]);
  const tables = takeTables(definition.tables, place, handles, taken);
  const using = withTables(given, tables);
  const constants = withTables(ownConstants, tables);
  const functions = new Map<string, UsedFunction>();
  for (const [name, fn] of Object.entries(definition.functions)) {
    const box = handles.boxes.get(name);
    functions.set(name, takeIn(fn, { ...place, name }, using, box === undefined ? undefined : box.put));
  }
  checkAllCaptures(definition, step, functions, [using, constants]);
  if (definition.seed !== undefined && definition.key === undefined)
    seed(definition, handles, place, functions);

  const scope = handles.scopeWith(functions, constants);
  const stepClosure: ClosureValue = { kind: 'closure', source: step, node: step.node, activation: undefined };
  const record = recordOf(inputType);
  const keyFunction = definition.key === undefined ? undefined : functions.get(definition.key);
  let keyValue: Value = NEVER;
  analysis.settle(() => {
    const root = new Activation(analysis, step, step.node, 'root', undefined, false);
    const call = { caller: root, node: step.node, argNodes: [], repeated: false };
    if (keyFunction !== undefined) {
      keyValue = callFunction({ ...keyFunction.closure, box: undefined }, { ...call, args: [record] }, 'key');
    }
    const args = [record, namespaceOf(handles.state), handles.emit, namespaceOf(scope)];
    callFunction(stepClosure, { ...call, args }, 'step');
  });
  for (const fn of allFunctions(functions, [using, constants])) checkPassed(fn, analysis);

  const option = definition.name === 'step' ? 'state' : 'out';
  const layouts = new Layouts(place, option, analysis);
  const outputs = new Layouts(place, 'out', analysis);
  const key = keyFunction === undefined ? undefined : keyShape(keyValue, keyFunction.parsed, analysis);
  const all = [step, ...allFunctions(functions, [using, constants]).map(({ parsed }) => parsed)];
  const state = stateLayout(definition, handles.stateType, layouts, all, analysis);
  const output = outputs.settle(handles.outType) ?? definition.out ?? (passesOn(step) ? input : undefined);
  if (output === undefined) throw nothingEmitted(functions, definition.key, step, place);
  const compared = layouts.settle(handles.comparedType);
  for (const box of handles.boxes.values()) if (box.kind !== 'record') layouts.settle(box.type);
  const inTables = new Layouts(place, 'tables', analysis);
  for (const { type } of tables) inTables.settle(type);
  const texts = [
    ...layouts.texts,
    ...outputs.texts,
    ...inTables.texts,
    ...(key?.texts ?? []),
    ...tables.flatMap((table) => [...table.texts]),
  ];
  if (layouts.unknownTexts || outputs.unknownTexts || inTables.unknownTexts) {
    for (const fn of all) texts.push(...literalsOf(fn));
  }
  return {
    definition,
    place,
    input,
    output,
    state,
    key,
    step,
    functions,
    tables,
    using,
    constants,
    analysis,
    handles,
    layouts,
    boxes: handles.boxes,
    compared,
    texts,
    inputType,
    emitsOthers: handles.emitsOthers,
    seedConstant: definition.seed === undefined ? undefined : values.constant(definition.seed),
  };
}

/** Whether a step says `emit(record)` somewhere, if only where it never gets to: `filter(() => false)`. */
function passesOn({ node }: ParsedFunction): boolean {
  const [record, , emit] = node.params;
  if (record?.type !== 'Identifier' || emit?.type !== 'Identifier') return false;
  let found = false;
  walk(node.body, (at) => {
    if (at.type !== 'CallExpression' || at.callee.type !== 'Identifier' || at.callee.name !== emit.name)
      return;
    const [arg] = at.arguments;
    found ||= arg?.type === 'Identifier' && arg.name === record.name;
  });
  return found;
}

function checkInput(definition: OperatorDefinition, input: Struct, place: Place): void {
  const expected = definition.input;
  if (expected === undefined || expected.fingerprint === input.fingerprint) return;
  throw compileError(
    'LAYOUTS_DIFFER',
    { record: 'what comes in', expected: describeStruct(expected), got: describeStruct(input) },
    place,
  );
}

/** A struct's fields in words. */
export function describeStruct(struct: Struct): string {
  return Object.entries(struct.fields)
    .map(([name, type]) => `${name}: ${typeName(type)}`)
    .join(', ');
}

function checkAllCaptures(
  definition: OperatorDefinition,
  step: ParsedFunction,
  functions: ReadonlyMap<string, UsedFunction>,
  plans: readonly UsingPlan[],
): void {
  const given = new Map([...functions].map(([name, fn]) => [name, fn.parsed]));
  for (const fn of given.values()) checkCaptures(fn, definition, given, 'argument');
  for (const fn of functionsOf(plans)) checkCaptures(fn.parsed, definition, given, 'using');
  checkCaptures(step, definition, given, 'step');
}

/** The functions within `using`, however deep. */
export function functionsOf(plans: readonly UsingPlan[]): UsedFunction[] {
  return plans.flatMap((plan) =>
    [...plan.entries.values()].flatMap((entry) =>
      entry.kind === 'function' ? [entry.fn, ...functionsOf([entry.fn.using])] : [],
    ),
  );
}

function allFunctions(
  functions: ReadonlyMap<string, UsedFunction>,
  plans: readonly UsingPlan[],
): UsedFunction[] {
  return [...functions.values(), ...functionsOf(plans)];
}

/**
 * The layout of the state. Where it holds nothing but copies of records, and nobody declared it, it has only the fields that
 * are ever read.
 */
function stateLayout(
  definition: OperatorDefinition,
  type: RecordType,
  layouts: Layouts,
  functions: readonly ParsedFunction[],
  analysis: Analysis,
): Struct | undefined {
  const state = layouts.settle(type);
  const isDeclared = type.struct !== undefined || definition.seed !== undefined;
  if (isDeclared || !leavesOf(type).every((leaf) => leaf.kind === 'struct')) return state;
  const read = fieldsRead(type, functions, analysis);
  return read === undefined ? state : layouts.narrow(type, read);
}

/** Nothing is emitted: shown in the function that should have made it. */
function nothingEmitted(
  functions: ReadonlyMap<string, UsedFunction>,
  key: string | undefined,
  step: ParsedFunction,
  place: Place,
): Error {
  const makers = [...functions].filter(([name]) => name !== key);
  const fn = makers.at(-1)?.[1].parsed ?? step;
  const body = fn.node.body;
  const run = expressionBody(fn);
  const isStep = place.operator === 'step';
  let text = isStep ? undefined : returning(fn);
  if (isStep && run?.type === 'ObjectExpression') {
    const edits = new SourceEdits(fn.text);
    const names = ['record', '_state', 'emit'].slice(fn.node.params.length);
    addParameters(edits, fn, names);
    edits.wrap(run.start, run.end, 'emit(', ')');
    text = edits.apply().replace('(emit(', 'emit(').replace(/\)\)$/, ')');
  }
  return compileError('NOTHING_EMITTED', {}, place, { text: fn.text, node: body }, text && functionSo(text), {
    function: fn.name,
  });
}

const OF_FIXED_SIZE =
  'A state has fields of fixed size: numbers, bigints, booleans, texts, records and arrays of those; keep what has a key in a `keyedTable` of `step`.';

/** The initial state is stored before the first record. */
function seed(
  definition: OperatorDefinition,
  handles: Handles,
  place: Place,
  functions: ReadonlyMap<string, UsedFunction>,
): void {
  const value: unknown = definition.seed;
  const [fn] = [...functions.values()].map(({ parsed }) => parsed);
  const shown = fn?.node.params[0];
  const spot = fn && shown && { text: fn.text, node: shown };
  const abstract = constantValue(value, 'seed', new Set(), (path, type) =>
    compileError('USING_UNUSABLE', { key: path, type }, place, spot, OF_FIXED_SIZE),
  );
  for (const type of abstract.records ?? []) handles.stateType.sources.set(type, undefined);
  if (!abstract.records) {
    const seen = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
    const text = valueText(value);
    const call = fn && text !== undefined ? foldingRecords(definition, fn, text) : undefined;
    throw compileError(
      'NOT_A_RECORD',
      { record: 'the seed', seen, remedy: 'give an object such as { value: 0 }' },
      place,
      spot,
      call && callSo(call),
    );
  }
}

function literalsOf(fn: ParsedFunction): string[] {
  return fn.tokens.filter((token) => token.type.label === 'string').map((token) => String(token.value));
}
