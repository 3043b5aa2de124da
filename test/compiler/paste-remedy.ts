// Does with a message of the compiler what its reader does: cuts the remedy out and pastes it over what it is about.
import { type Expression, type Node, type Program, parse } from 'acorn';

/** Where the code at the end of a message belongs. */
const INTRODUCTIONS: Readonly<Record<string, 'marked' | 'function' | 'call'>> = {
  'Write in its place:': 'marked',
  'Write the function so:': 'function',
  'Write the call so:': 'call',
  'Hand it over with `using`:': 'call',
};

/** What the message of an error says to write, and instead of what. */
export interface Remedy {
  readonly over: 'marked' | 'function' | 'call';
  readonly code: string;
}

export type CompilerError = Error & {
  readonly code: string;
  readonly operator?: string;
  readonly function?: string;
};

/** The code that a message ends with; undefined if it has none. */
export function remedyOf(message: string): Remedy | undefined {
  for (const [introduction, over] of Object.entries(INTRODUCTIONS)) {
    const at = message.lastIndexOf(`${introduction}\n\n`);
    if (at >= 0) return { over, code: message.slice(at + introduction.length + 2) };
  }
  return undefined;
}

/** A source with the remedy of an error pasted. */
export function pasted(source: string, error: CompilerError, remedy: Remedy): string {
  const { start, end } = range(source, error, remedy.over);
  return source.slice(0, start) + remedy.code + source.slice(end);
}

type Range = { readonly start: number; readonly end: number };

function range(source: string, error: CompilerError, over: Remedy['over']): Range {
  if (over === 'marked') return marked(source, error.message);
  const call = operatorCall(source, error.operator as string);
  if (over === 'call') return call;
  return functionOf(call, error.function as string);
}

/** Which argument of each operator a function is. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  stateful: ['key', 'init', 'update'],
  delta: ['key', 'compare'],
  dedupBy: ['key', 'select'],
};

function functionOf(call: Call, name: string): Range {
  const position = Math.max(0, ARGUMENTS[call.callee.name]?.indexOf(name) ?? 0);
  return call.arguments[position] as Expression;
}

type Call = Node & {
  readonly callee: { readonly type: string; readonly name: string };
  readonly arguments: readonly Expression[];
};

/** The last call of an operator. */
function operatorCall(source: string, operator: string): Call {
  let found: Call | undefined;
  visit(program(source), (node) => {
    const call = node as Call;
    if (call.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === operator)
      found = call;
  });
  if (found === undefined) throw new Error(`There is no call of ${operator}`);
  return found;
}

/** What the carets of a message's code frame mark: the largest node that begins there and is as long on that line. */
function marked(source: string, message: string): Range {
  const frame = /^> +(\d+) \| (.*)\n[ ]+\| ( *)(\^+)$/m.exec(message);
  if (frame === null) throw new Error(`No code frame: ${message}`);
  const [, number, content, indent, carets] = frame as unknown as [string, string, string, string, string];
  const starts: number[] = [];
  visit(program(source), (node) => {
    if (!/Function/.test(node.type)) return;
    const lines = source.slice(node.start, node.end).split('\n');
    if (lines[Number(number) - 1]?.trimEnd() !== content) return;
    starts.push(
      node.start + lines.slice(0, Number(number) - 1).join('\n').length + (Number(number) > 1 ? 1 : 0),
    );
  });
  if (new Set(starts).size !== 1)
    throw new Error(`${starts.length} functions are those of the frame: ${message}`);
  const start = (starts[0] as number) + indent.length;
  let end = 0;
  visit(program(source), (node) => {
    if (node.start !== start || node.type === 'ExpressionStatement') return;
    const [line] = source.slice(start, node.end).split('\n') as [string];
    if (line.length === carets.length) end = Math.max(end, node.end);
  });
  if (end === 0) throw new Error(`The carets mark nothing whole: ${message}`);
  return { start, end };
}

export function program(source: string): Program {
  return parse(source, { ecmaVersion: 'latest', allowReturnOutsideFunction: true });
}

function visit(node: Node, look: (node: Node) => void): void {
  look(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === 'object' && typeof child.type === 'string') visit(child, look);
    }
  }
}
