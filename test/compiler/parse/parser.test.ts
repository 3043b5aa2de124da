// The parser reads functions as acorn does, of every form that the language has, and of real packages.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as acorn from 'acorn';
import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../../src/compiler/parse/parser.js';

type Json = null | string | number | boolean | Json[] | { [key: string]: Json };

/** A tree as plain data, its keys in order; what acorn says of directives left out. */
function plain(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof RegExp) return String(value);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([key]) => key !== 'directive');
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, plain(v)]));
  }
  return value === undefined ? null : (value as Json);
}

type Read = { node: Json; tokens: string[] };

/** How a token is compared: its place, and its label where the compiler looks at it. */
function asText({
  type: { label },
  start,
  end,
}: {
  type: { label: string };
  start: number;
  end: number;
}): string {
  return `${start}-${end}${/^(?:[[,:()=]|=>|name|string)$/.test(label) ? ` ${label}` : ''}`;
}

function byAcorn(text: string): Read {
  const tokens: acorn.Token[] = [];
  const node = acorn.parseExpressionAt(text, 0, { ecmaVersion: 'latest', onToken: tokens });
  // Keywords are names here, and private names two tokens.
  const all = tokens.map((token) =>
    asText(token.type.keyword === undefined ? token : { ...token, type: { label: 'name' } }),
  );
  return { node: plain(node), tokens: all };
}

function byParser(text: string): Read {
  const { node, tokens } = parseExpression(text);
  return { node: plain(node), tokens: tokens.map(asText) };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates within source text
const FORMS = [
  'x => x',
  '(x) => { return x }',
  '() => ({})',
  '(a, b = 1, ...c) => [a, b, c]',
  'function f() {}',
  'function () { }',
  'async x => await x',
  'async (x) => { for await (const y of x) await y; }',
  'async function f() { await 1 }',
  'function* g() { yield; yield* a; const x = yield 1; yield\n2 }',
  'async () => { await /x/.test(y) }',
  '({ a, b: { c = 1 }, ["d" + 1]: e, ...rest }, [f, , g = 2, ...h]) => a',
  '(a) => ({ ...a, count: 0, "x y": 1, 2: 3 })',
  '() => ({ get a() { return 1 }, set a(v) {}, async b() {}, *c() {}, async *d() {}, get: 1, set: 2, async: 3, [k]() {} })',
  '() => ({ get, set, async, static: 1, await: 2, get get() { return 1 } })',
  'r => r?.a?.[0]?.(1).b',
  'r => (r?.a).b',
  'r => r.a`x`.c?.d',
  'r => r ?? (r || r && r)',
  'r => a ? b : c ? d : e',
  'r => (-r) ** 2 ** 3 || -(r ** 2)',
  'r => !~+-r + typeof r + void 0',
  'r => a < b == c > d != e & f | g ^ h << 1 >>> 2 >> 3',
  'r => { r += 1; r **= 2; r ||= 3; r &&= 4; r ??= 5; r >>>= 1; r <<= 2; r >>= 3; r %= 2; r ^= 1; r |= 2; r &= 3 }',
  'r => { r++; --r; r\n++\nr }',
  'r => { [a, b.c, ...d] = r; ({ a, b: c.d = 1, ...e } = r); [a = 1, [b]] = r }',
  '() => 1 / 2 / 3',
  '() => a / b / c',
  '() => /[/\\]]+/gi.test("x") / 2',
  '() => { if (a) /x/.test(b); x = a\n/b/g }',
  '() => `a${b}c${`d${e}`}f\\n\\`${{ a: 1 }.a}`',
  '() => tag`\\u{zz}${1}\r\n`',
  '() => "\\x41\\u0042\\u{43}\\n\\\\\\\'\\0\\\n"',
  '() => [0x1F, 0b11, 0o17, 1_000, .5, 1., 1e3, 1.5e-3, 10n, 0xffn, 1..toString()]',
  '() => [017, 089]',
  '() => { var a = 1, b; let c; const d = 2, { e } = f; let [g] = h }',
  '() => { let\nx\n= 1 }',
  '() => { let = 1; let.x = 2 }',
  '() => { for (;;) {} for (let i = 0, n = 3; i < n; i++) continue; for (const k in o) break; for (x.y of z); for (var [a] of b); }',
  '() => { for (let i = ("a" in b) ? 1 : 2; i; ) ; for (const x = [a in b]; ; ) ; for (in1 in o) ; }',
  '() => { a: for (;;) { b: { break a } continue a } }',
  '() => { do x++; while (x < 3) y() }',
  '() => { while (1) if (a) b; else c }',
  '() => { switch (a) { case 1: case 2: b; default: { c } case d: } }',
  '() => { try { a } catch { b } try { } catch ({ e }) { } finally { } }',
  '() => { throw new Error("x") }',
  '() => { return\n1 }',
  '() => { a\nb\n;;c }',
  '() => { debugger; with (a) b }',
  '() => { "use strict"; return 1 }',
  '() => { function f() {} async function g() {} function* h() {} class A {} var async\nfunction i() {} }',
  '() => class A extends (B, C) { static #x = 1; #y; constructor() { super(); super.z } static { this.a } get a() { return #y in this } static async *b() { } static = 1; get; "c" = 2; [d] = 3; async\ne() {} }',
  '() => class { static() {} get() {} set() {} async() {} static static() {} static get x() { return 1 } }',
  '() => new A',
  '() => new A.b.c(1)(2)',
  '() => new (f())()',
  '() => new new A()()',
  'function f() { return new.target }',
  '() => import("x").then(a)',
  '() => ((a, b), c)',
  '() => (((((a)))))',
  '() => ((a) => (b) => ((c)))(1)',
  '() => (a = (b = (c = 1)))',
  '() => (a, b) => c',
  '() => { (a)\n(b) }',
  '() => (() => {}) ? 1 : 2',
  '() => { x = () => {}\n-1 }',
  '() => async(1, ...b)',
  '() => async',
  '() => ((async))(x => x)',
  '(/* a */ x /* b */, // c\n y) => x /* d */',
  '(eof, of, get, set, let_, $, _) => eof\n',
  '() => { eof\n = 1; of(1); get.x; yield_ }',
  '() => { yield = 1; await = 2 }',
  'ünïcødé => \\u0061 + ünïcødé.\\u{62}',
  '() => a !== b === !c',
  '() => a?.5:1',
  '() => { if (a) ; else ; }',
  'x => y => z => x + y + z',
  '() => x => ({}).y',
  '(a = { b: [1, (2, 3)] }, { c } = {}) => a',
  '() => f(...a, ...b,)',
  '() => [,,a,,]',
  '() => ({ a, })',
  '(a, ) => a',
  '() => { for (const [k, v] of Object.entries(o)) { if (!v) continue; s += k in o ? 1 : 0 } }',
  '() => a in b in c instanceof d',
  '() => { using_: 1 }',
  '() => ({ __proto__: null, "a"() {}, 1() {}, async *[x]() {} })',
  '() => delete a.b, 1',
  '() => { x\n/* \n */ ++y }',
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: templates within source text

describe('parseExpression() reads what acorn reads', () => {
  test.each(FORMS)('%s', (text) => {
    const expected = byAcorn(text);
    const found = byParser(text);
    expect(found.node).toEqual(expected.node);
    if (!text.includes('#')) expect(found.tokens).toEqual(expected.tokens);
  });

  test.each(['rxjs/dist/cjs/internal', 'acorn/dist', 'tsup/dist'])(
    'also in the functions of %s',
    (folder) => {
      const root = join(process.cwd(), 'node_modules', folder);
      let count = 0;
      for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
        if (!/\.m?js$/.test(file)) continue;
        const text = readFileSync(join(root, file), 'utf8');
        for (const { start, end } of outermostFunctions(text)) {
          const source = text.slice(start, end);
          expect(byParser(source).node, `${file}:${start}`).toEqual(byAcorn(source).node);
          count++;
        }
      }
      expect(count).toBeGreaterThan(20);
    },
  );
});

/** The functions of a file that are in no other. */
function outermostFunctions(text: string): acorn.Node[] {
  const found: acorn.Node[] = [];
  const visit = (value: unknown, isMethod: boolean): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, false);
    else if (typeof value === 'object' && value !== null && 'type' in value) {
      const node = value as acorn.AnyNode;
      if (/Function/.test(node.type) && !isMethod) found.push(node);
      else {
        const hasMethod =
          node.type === 'MethodDefinition' ||
          (node.type === 'Property' && (node.method || node.kind !== 'init'));
        for (const [key, item] of Object.entries(node)) visit(item, hasMethod && key === 'value');
      }
    }
  };
  visit(acorn.parse(text, { ecmaVersion: 'latest', sourceType: 'module' }), false);
  return found;
}

test.each([
  '',
  ')',
  'x => {',
  '({ a: })',
  '* g() {}',
  '`a',
  'a ? b',
  '[1, 2',
  'function (',
  '() => { for (;) }',
])('parseExpression() refuses %j', (text) => {
  expect(() => parseExpression(text)).toThrow(SyntaxError);
});

test('parseExpression() needs a time that grows with the text, also in parentheses within parentheses', () => {
  const depth = 300;
  const text = `() => ${'(a = '.repeat(depth)}1${')'.repeat(depth)}`;
  expect(byParser(text).node).toEqual(byAcorn(text).node);
});
