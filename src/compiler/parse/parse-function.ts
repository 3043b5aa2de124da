// Takes a function in: its source text, parsed, with what can't be taken in refused.
import { type Options, parseExpressionAt } from 'acorn';
import type { AnyFunction } from '../../operator/index.js';
import { compileError, type Place } from '../diagnostics/compile-error.js';
import { callSo, functionSo } from '../diagnostics/remedies.js';
import { emitting, withoutArguments, withoutAsync } from '../diagnostics/rewrites.js';
import { type FunctionNode, isFunction, type Node, type Token, walk } from './ast.js';
import { resolveScopes, type Scopes } from './scopes.js';

/** A function that was taken in. Positions in its tree count in `text`. */
export interface ParsedFunction extends Place {
  readonly text: string;
  readonly node: FunctionNode;
  readonly tokens: readonly Token[];
  readonly scopes: Scopes;
}

/**
 * Parses a function from its source text.
 *
 * @throws {TypeError} FUNCTION_REFUSED for functions without source, and for what only makes sense where they were written.
 */
export function parseFunction(fn: AnyFunction, place: Place): ParsedFunction {
  const refuse: Refuse = (why, text, node, remedy) =>
    compileError(
      'FUNCTION_REFUSED',
      { why },
      place,
      node && text !== undefined ? { text, node } : undefined,
      remedy,
    );
  if (typeof fn !== 'function') throw compileError('NOT_A_FUNCTION', { type: describeType(fn) }, place);
  const source = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) {
    const shown = [source, { start: 0, end: source.length }] as const;
    if (fn.name.startsWith('bound ')) {
      const why =
        "it is a bound function, whose source can't be read: write an arrow function and give it values with `using`";
      throw refuse(why, ...shown);
    }
    const known = nativeName(fn);
    const remedy = known && functionSo(`(record) => ${known}(record)`);
    throw refuse(
      "it is native code, whose source can't be read: wrap it in an arrow function",
      ...shown,
      remedy,
    );
  }
  if (/^class\b/.test(source))
    throw refuse('it is a class: write an arrow function', source, { start: 0, end: source.length });
  const { text, node, tokens } = parse(source, refuse);
  if (node.async) {
    const plain = withoutAsync(text, node);
    const remedy = plain === undefined ? WAITING : functionSo(plain);
    throw refuse('it is async: a stage handles each record at once, without waiting', text, node, remedy);
  }
  if (node.generator) {
    const step = emitting(text, node);
    const remedy = step && callSo(step);
    throw refuse('it is a generator: a step calls `emit` for each record instead', text, node, remedy);
  }
  refuseOwnWorld(node, text, refuse);
  return { ...place, text, node, tokens, scopes: resolveScopes(node) };
}

type Refuse = (
  why: string,
  text?: string,
  node?: { readonly start: number; readonly end: number },
  remedy?: string,
) => Error;

const WAITING =
  'Wait on the edges: before the records come in (`concatMap` in front of the source), or behind the stage, in its `pipe`; what is known beforehand is handed over with `using`.';

/** What a function of the language is called, where it stands by itself. */
function nativeName(fn: AnyFunction): string | undefined {
  if ((Math as unknown as Record<string, unknown>)[fn.name] === fn) return `Math.${fn.name}`;
  return (globalThis as Record<string, unknown>)[fn.name] === fn ? fn.name : undefined;
}

/** What only makes sense where it was written gets through the parser: `refuseOwnWorld` has better words for it. */
const OPTIONS: Options = {
  ecmaVersion: 'latest',
  allowImportExportEverywhere: true,
  allowSuperOutsideMethod: true,
  checkPrivateFields: false,
};

interface Parsed {
  readonly text: string;
  readonly node: FunctionNode;
  readonly tokens: readonly Token[];
}

function parse(source: string, refuse: Refuse): Parsed {
  const whole = parseWhole(source);
  if ('node' in whole) return whole;
  // Method shorthand: only within an object literal does it parse; it is rewritten as a function expression.
  const wrapped = `({${source}})`;
  let method: Node;
  try {
    method = parseExpressionAt(wrapped, 0, OPTIONS) as Node;
  } catch (cause) {
    // Of the two readings the one that came further is what was meant.
    const { message } = pos(cause) - 2 > pos(whole) ? (cause as Error) : whole;
    throw refuse(`its source can't be parsed (${message})`);
  }
  const property = method.type === 'ObjectExpression' ? method.properties[0] : undefined;
  if (property?.type !== 'Property' || !isFunction(property.value)) throw refuse('its source is no function');
  if (property.kind !== 'init') throw refuse('it is an accessor: write an arrow function');
  const { async, generator } = property.value;
  if (async) throw refuse('it is async: a stage handles each record at once, without waiting');
  if (generator) throw refuse('it is a generator: a step calls `emit` for each record instead');
  const rewritten = parseWhole(`function ${wrapped.slice(property.value.start, property.value.end)}`);
  if ('node' in rewritten) return rewritten;
  throw refuse(`its source can't be parsed (${rewritten.message})`);
}

/** Text that is one function; or why it is none. */
function parseWhole(text: string): Parsed | SyntaxError {
  const tokens: Token[] = [];
  try {
    const node = parseExpressionAt(text, 0, { ...OPTIONS, onToken: tokens }) as Node;
    if (isFunction(node) && text.slice(node.end).trim() === '') return { text, node, tokens };
    return new SyntaxError('it is no function');
  } catch (cause) {
    return cause as SyntaxError;
  }
}

/** How far the parser came. */
function pos(error: unknown): number {
  return (error as { pos?: number }).pos ?? 0;
}

/** Refuses `super`, `arguments`, `new.target`, `import` and `with`: they mean something only where they were written. */
function refuseOwnWorld(root: FunctionNode, text: string, refuse: Refuse): void {
  const visit = (node: Node, own: boolean): void => {
    const inner =
      own || (node !== root && (node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration'));
    walk(node, (at) => {
      if (at !== node && (at.type === 'FunctionExpression' || at.type === 'FunctionDeclaration')) {
        visit(at, true);
        return false;
      }
      if (at.type === 'ImportExpression' || (at.type === 'MetaProperty' && at.meta.name === 'import')) {
        throw refuse("it uses `import`, which a stage can't: give it what it needs with `using`", text, at);
      }
      if (at.type === 'WithStatement') throw refuse('it uses `with`', text, at);
      if (inner) return;
      if (at.type === 'MemberExpression' && !at.computed) {
        visit(at.object, inner);
        return false;
      }
      if (at.type === 'Super') throw refuse('it uses `super`', text, at);
      if (at.type === 'MetaProperty') throw refuse('it uses `new.target`', text, at);
      if (at.type === 'Identifier' && at.name === 'arguments') {
        const named = withoutArguments(text, root);
        throw refuse('it uses `arguments`: name its parameters', text, at, named && functionSo(named));
      }
    });
  };
  visit(root, false);
}

/** How a value's type is called in messages. */
export function describeType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') {
    const name = (value as object).constructor?.name;
    return name && name !== 'Object' ? `an instance of ${name}` : 'an object';
  }
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
}
