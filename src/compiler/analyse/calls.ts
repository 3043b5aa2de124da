// Calls: the functions of the code are evaluated in place, those of the language by what is known of them.
import { isFunction, type Node, type Of } from '../parse/ast.js';
import { isKeepName } from '../parse/build-tools.js';
import { Activation } from './activation.js';
import { evaluate, evaluateObjectOf, memberName } from './evaluate.js';
import type { Call, ClosureValue, FunctionValue } from './function-value.js';
import { constructed } from './globals.js';
import { readComputed, readMember } from './members.js';
import { callMethod } from './methods.js';
import { bind } from './patterns.js';
import { evaluateBody } from './statements.js';
import { arrayOf, join, NEVER, NIL, namespaceOf, only, unknown, type Value } from './value.js';

export function evaluateCall(act: Activation, node: Of<'CallExpression'>): Value {
  if (isKeepName(node, act.source)) return evaluate(act, node.arguments[0] as Node);
  const { callee } = node;
  if (callee.type === 'Super') return unknown('super');
  if (callee.type === 'MemberExpression') {
    const object = evaluateObjectOf(act, callee);
    const name = memberName(act, callee);
    const call = callOf(act, node);
    if (name === undefined) {
      return callValue(
        readComputed(act, object, evaluate(act, callee.property), callee),
        call,
        'a computed member',
      );
    }
    const known = callMethod(object, name, call);
    if (known === undefined) {
      const member = readMember(act, object, name, callee.property);
      return callValue(act.analysis.note(callee, member), call, name);
    }
    let value = known;
    const { records, namespaces, functions } = object;
    if (object.unknown) {
      callsBack(call);
      value = join(value, unknown(`the result of ${name}`));
    }
    if (name !== 'hasOwnProperty' && (records || namespaces)) {
      const rest = {
        ...(records ? { records } : {}),
        ...(namespaces ? { namespaces } : {}),
        ...(functions ? { functions } : {}),
      };
      value = join(value, callValue(readMember(act, rest, name, callee.property), call, name));
    }
    return value;
  }
  const fn = evaluate(act, callee);
  if (only(fn, 'nil') && !node.optional)
    act.analysis.problem('NOT_A_FUNCTION', { type: 'undefined' }, act.at(callee));
  if (node.optional && (fn.nil || fn.unknown)) act.cut = true;
  return callValue(fn, callOf(act, node), 'a function');
}

export function evaluateNew(act: Activation, node: Of<'NewExpression'>): Value {
  const callee = evaluate(act, node.callee);
  const call = callOf(act, node);
  for (const namespace of callee.namespaces ?? []) {
    const made = constructed(namespace.name, call);
    if (made !== undefined) return made;
  }
  callsBack(call);
  return unknown('an object made with `new`');
}

function callOf(act: Activation, node: Of<'CallExpression'> | Of<'NewExpression'>): Call {
  const args: Value[] = [];
  for (const arg of node.arguments) {
    if (arg.type !== 'SpreadElement') {
      args.push(evaluate(act, arg));
      continue;
    }
    const spread = evaluate(act, arg.argument);
    const arrays = [...(spread.arrays ?? [])];
    const lengths = new Set(arrays.flatMap((array) => [...array.lengths()]));
    const length = lengths.size === 1 ? [...lengths][0] : 'varies';
    const element = arrays.reduce(
      (value, array) => join(value, array.read()),
      spread.unknown ? spread : NEVER,
    );
    if (typeof length === 'number' && length <= 64 && !spread.unknown)
      for (let i = 0; i < length; i++) args.push(element);
    else args.push(join(element, unknown('one of many spread arguments')));
  }
  return { caller: act, node, args, argNodes: node.arguments, repeated: act.repeats };
}

/** Calls whatever a value may be. */
export function callValue(callee: Value, call: Call, what: string): Value {
  let value: Value = NEVER;
  let i = 0;
  for (const fn of callee.functions ?? []) value = join(value, callFunction(fn, call, `f${i++}`));
  for (const namespace of callee.namespaces ?? []) {
    const called = namespace.get('()');
    for (const fn of called?.functions ?? []) value = join(value, callFunction(fn, call, 'n'));
    if (called === undefined) value = join(value, unknown(`the result of ${namespace.name}`));
  }
  if (callee.unknown) {
    callsBack(call);
    value = join(value, unknown(`the result of ${what}`));
  }
  return value;
}

/** Functions among the arguments of something unknown may be called with anything. */
export function callsBack(call: Call): void {
  call.args.forEach((arg, i) => {
    for (const fn of arg.functions ?? []) {
      if (fn.kind !== 'closure') continue;
      const args = fn.node.params.map(() => unknown('an argument from unknown code'));
      callFunction(fn, { ...call, args, argNodes: [], repeated: true }, `e${i}`);
    }
  });
}

export function callFunction(fn: FunctionValue, call: Call, tag: string): Value {
  if (fn.kind === 'known') return fn.call(call);
  const value = callClosure(fn, call, tag);
  return fn.box === undefined ? value : fn.box(value, call);
}

function callClosure(fn: ClosureValue, call: Call, tag: string): Value {
  const { analysis } = call.caller;
  const running = analysis.stack.find((act) => act.fn === fn.node);
  const args = withUsing(fn, call);
  if (running !== undefined) return analysis.recur(running.key, args);
  const key = `${call.caller.key}/${call.caller.source.name}:${call.node.start}:${tag}>${fn.source.name}:${fn.node.start}`;
  const recursion = analysis.recursion(key);
  const repeated = call.repeated || recursion !== undefined;
  const act = new Activation(analysis, fn.source, fn.node, key, fn.activation, repeated);
  analysis.stack.push(act);
  const joined = recursion === undefined ? args : joinArgs(args, recursion.args);
  run(act, fn, joined);
  analysis.stack.pop();
  analysis.returned(key, act.result);
  if (fn.node.async) return unknown('a promise');
  return fn.node.generator ? unknown('a generator') : act.result;
}

function joinArgs(a: readonly Value[], b: readonly Value[]): Value[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => join(a[i] ?? NEVER, b[i] ?? NEVER));
}

/** A function that declares more parameters than it is passed gets `using` as its last. */
function withUsing(fn: ClosureValue, call: Call): readonly Value[] {
  if (fn.using === undefined) return call.args;
  const { analysis } = call.caller;
  const passed = call.args.length;
  const seen = analysis.passed.get(fn.node);
  analysis.passed.set(fn.node, {
    fewest: Math.min(seen?.fewest ?? passed, passed),
    most: Math.max(seen?.most ?? passed, passed),
  });
  const { params } = fn.node;
  if (params.length <= passed || params.at(-1)?.type === 'RestElement') return call.args;
  const args = [...call.args];
  while (args.length < params.length - 1) args.push(NIL);
  args.push(namespaceOf(fn.using));
  return args;
}

function run(act: Activation, fn: ClosureValue, args: readonly Value[]): void {
  if (fn.node.type === 'FunctionExpression' && fn.node.id) {
    const self = act.source.scopes.bindings.get(fn.node.id);
    if (self !== undefined && self.kind === 'self') act.write(self, { functions: new Set([fn]) });
  }
  fn.node.params.forEach((param, i) => {
    if (param.type === 'RestElement') {
      const rest = act.analysis.array(act, param);
      rest.length = Math.max(0, args.length - i);
      for (const arg of args.slice(i)) act.analysis.grew(rest.element.write(arg, undefined));
      bind(act, param.argument, arrayOf(rest), true);
    } else {
      bind(act, param, args[i] ?? NIL, true);
    }
  });
  act.hoist();
  if (isFunction(fn.node) && fn.node.body.type !== 'BlockStatement') {
    act.result = evaluate(act, fn.node.body);
    return;
  }
  evaluateBody(act, fn.node.body as Of<'BlockStatement'>);
}
