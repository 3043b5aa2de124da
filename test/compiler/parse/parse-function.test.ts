// Functions of every form are taken in by their source text; what can't be is refused with the reason.
import { describe, expect, test, vi } from 'vitest';
import { parseFunction } from '../../../src/compiler/parse/parse-function.js';

const place = { stage: 'test', operator: 'map', name: 'project' };

/** The function that a source text evaluates to, in sloppy code. */
function evaluated(source: string): () => unknown {
  return new Function(`return ${source}`)();
}

/** What was taken in: its form, its parameters as they stand in its text, and the names that it finds outside of itself. */
function takenIn(source: string): { type: string; params: string[]; free: string[] } {
  const { text, node, scopes } = parseFunction(evaluated(source), place);
  const params = node.params.map(({ start, end }) => text.slice(start, end));
  return { type: node.type, params, free: [...new Set(scopes.free.map(({ name }) => name))] };
}

const ARROW = 'ArrowFunctionExpression';
const FUNCTION = 'FunctionExpression';

describe('parseFunction() takes in', () => {
  test.each<[source: string, type: string, params: string[], free?: string[]]>([
    ['x => x', ARROW, ['x']],
    ['() => ({})', ARROW, []],
    ['(a, b = 1, ...c) => [a, b, c]', ARROW, ['a', 'b = 1', '...c']],
    [
      '({ a, b: { c = 1 }, ["d" + 1]: e }, [f, , g = 2]) => a',
      ARROW,
      ['{ a, b: { c = 1 }, ["d" + 1]: e }', '[f, , g = 2]'],
    ],
    ['(/* a */ x /* b */, // c\n y) => x /* d */', ARROW, ['x', 'y']],
    ['(a = { b: [1, (2, 3)] }, { c } = {}) => a', ARROW, ['a = { b: [1, (2, 3)] }', '{ c } = {}']],
    ['(a, ) => a', ARROW, ['a']],
    ['(eof, of, get, set, async, $, _) => eof', ARROW, ['eof', 'of', 'get', 'set', 'async', '$', '_']],
    ['ünïcødé => \\u0061 + ünïcødé', ARROW, ['ünïcødé'], ['a']],
    ['x => y => z => x + y + z', ARROW, ['x']],
    ['function f(r) { return f; }', FUNCTION, ['r']],
    ['function (r) { }', FUNCTION, ['r']],
    ['({ f(r) { return r; } }).f', FUNCTION, ['r']],
    ['({ async(r) { return r; } }).async', FUNCTION, ['r']],
    ['({ get(r) { return r; } }).get', FUNCTION, ['r']],
    ['({ "a b"(r) { return r; } })["a b"]', FUNCTION, ['r']],
    ['({ ["c" + 1](r) { return r; } }).c1', FUNCTION, ['r']],
    ['({ 2(r) { return r; } })[2]', FUNCTION, ['r']],
    ['r => r?.a?.[0]?.(1).b ?? (c || d)', ARROW, ['r'], ['c', 'd']],
    ['r => { r **= 2; r ||= 3; r &&= 4; r ??= 5; r >>>= 1; a = r }', ARROW, ['r'], ['a']],
    ['() => 1 / a / b', ARROW, [], ['a', 'b']],
    ['() => { if (a) /[/\\]]+/.test(b) }', ARROW, [], ['a', 'b']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template within source text
    ['() => `${a}${`d${b}`}`', ARROW, [], ['a', 'b']],
    ['() => [0x1F, 0b11, 0o17, 1_000, .5, 10n, 017]', ARROW, []],
    ['() => { a: for (const [k, v] of b) { for (const c in v) continue a; k } }', ARROW, [], ['b']],
    ['() => { try { a } catch ({ e }) { e } finally { } }', ARROW, [], ['a']],
    ['() => { let = 1; let.x = 2 }', ARROW, [], ['let']],
    ['() => { yield = 1; await = 2 }', ARROW, [], ['yield', 'await']],
    [
      '() => class A extends B { static #x = C; get a() { return A.#x } static { D } }',
      ARROW,
      [],
      ['B', 'C', 'D'],
    ],
  ])('%s', (source, type, params, free = []) => {
    expect(takenIn(source)).toEqual({ type, params, free });
  });
});

describe('parseFunction() refuses', () => {
  test.each<[title: string, fn: () => unknown, why: string]>([
    ['super', evaluated('({ f() { return super.a } }).f'), 'it uses `super`'],
    ['super in an arrow function', evaluated('({ f() { return () => super.a } }).f()'), 'it uses `super`'],
    ['new.target', evaluated('function () { return new.target }'), 'it uses `new.target`'],
    ['with', evaluated('(r) => { with (r) a }'), 'it uses `with`'],
    [
      'new.target of the function around it',
      evaluated('(function () { return () => new.target })()'),
      "its source can't be parsed ('new.target' can only be used in functions and class static block (1:6))",
    ],
    [
      'an accessor',
      Object.getOwnPropertyDescriptor(evaluated('{ get a() { return 1 } }'), 'a')?.get as never,
      'it is an accessor',
    ],
  ])('%s', (_, fn, why) => {
    expect(() => parseFunction(fn as () => unknown, place)).toThrow(why);
  });
});

test('parseFunction() refuses import.meta', async () => {
  const url = 'data:text/javascript,export const f = () => import.meta.url';
  const { f } = await import(/* @vite-ignore */ url);
  expect(() => parseFunction(f, place)).toThrow("it uses `import`, which a stage can't");
});

test('parseFunction() says where it stopped in text that the parser does not know', () => {
  const text = vi.spyOn(Function.prototype, 'toString').mockReturnValue('(r) => { match (r) { } }');
  try {
    expect(() => parseFunction(() => 0, place)).toThrow(
      "its source can't be parsed (Unexpected token (1:19))",
    );
  } finally {
    text.mockRestore();
  }
});

test('parseFunction() gives its tokens, with the text of names and strings', () => {
  const { tokens } = parseFunction(evaluated('(r) => r.a === "b"'), place);
  expect(tokens.map(({ type, value }) => [type.label, value])).toEqual(
    expect.arrayContaining([
      ['name', 'r'],
      ['=>', undefined],
      ['string', 'b'],
    ]),
  );
});
