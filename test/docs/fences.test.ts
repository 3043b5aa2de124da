// Every TypeScript fence in the README, the docs and the docstrings is checked and run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundle, placeOf, runError, syntaxError, typeErrors, writeModules } from './check-fences.js';
import { type Fence, fencesOf } from './fences.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The files of a folder with one of some endings, as paths from the project. */
function filesIn(folder: string, ending: RegExp): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path, ending) : ending.test(entry.name) ? [path] : [];
  });
}

const pages = [...(existsSync(join(root, 'README.md')) ? ['README.md'] : []), ...filesIn('docs', /\.md$/)];
const sources = [...filesIn('src', /\.ts$/), ...filesIn('operators', /\.ts$/)];
// Pages that are made of docstrings repeat their fences.
const fences = withoutRepeats(
  [...sources, ...pages].flatMap((path) => fencesOf(path, readFileSync(join(root, path), 'utf8'))),
);

function withoutRepeats(all: readonly Fence[]): Fence[] {
  const first = new Map<string, Fence>();
  for (const fence of all) {
    const text = `${fence.mode} ${fence.context} ${fence.code}`;
    if (!first.has(text)) first.set(text, fence);
  }
  return [...first.values()];
}

describe('the fences', () => {
  let types: Map<Fence, string[]>;
  let files: Map<Fence, string>;
  const runnable = fences.filter(({ mode }) => mode === 'run');

  beforeAll(async () => {
    const modules = await writeModules(
      fences.filter(({ mode }) => mode !== 'syntax'),
      'docs',
    );
    types = typeErrors(modules);
    files = await bundle(
      modules.filter(({ fence }) => fence.mode === 'run'),
      'docs',
    );
  });

  test('sketches are TypeScript', async () => {
    const sketches = await writeModules(
      fences.filter(({ mode }) => mode === 'syntax'),
      'sketches',
    );
    const errors = await Promise.all(sketches.map(syntaxError));
    expect(errors.filter((error) => error !== undefined)).toEqual([]);
  });

  test('fences are well typed', () => {
    expect([...types.values()].flat()).toEqual([]);
  });

  test.each(runnable.map((fence) => [placeOf(fence), fence] as const))('%s runs', async (_, fence) => {
    expect(await runError(fence, files.get(fence) ?? '')).toBeUndefined();
  });
});

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function anchorsOf(text: string): Set<string> {
  return new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));
}

/** The links of a page that lead nowhere in the project. */
function deadLinks(path: string, text: string): string[] {
  const prose = text.replace(/^( *)(`{3,})[\s\S]*?^\1\2$/gm, '').replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/\b(?:src|href)="([^"]+)"/g)];
  return targets
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const resolved = file === '' ? path : posix.join(posix.dirname(path), file);
      if (file !== '' && !existsSync(join(root, resolved))) return true;
      if (anchor === undefined || !resolved.endsWith('.md')) return false;
      return !anchorsOf(file === '' ? text : readFileSync(join(root, resolved), 'utf8')).has(anchor);
    })
    .map((target) => `${path}: ${target}`);
}

test('links between the pages lead somewhere', () => {
  expect(pages.flatMap((path) => deadLinks(path, readFileSync(join(root, path), 'utf8')))).toEqual([]);
});

describe('the checker', () => {
  test('finds a dead link, a dead anchor, a missing picture', () => {
    const page = '# A b\n[x](#a-b) [y](#c) [z](nowhere.md) <img src="no.svg"> [w](https://a.b) `[v](none)`\n';
    expect(deadLinks('docs/x.md', page)).toEqual([
      'docs/x.md: #c',
      'docs/x.md: nowhere.md',
      'docs/x.md: no.svg',
    ]);
  });

  test('takes fences out of pages with their lines and modes', () => {
    const page =
      'a\n```ts\none\n```\n```sh\nls\n```\n````ts no-run\n```\ntwo\n````\n  ```ts types\n  three\n  ```\n';
    expect(fencesOf('a.md', page)).toEqual([
      { path: 'a.md', line: 3, code: 'one\n', mode: 'run', context: undefined },
      { path: 'a.md', line: 9, code: '```\ntwo\n', mode: 'syntax', context: undefined },
      { path: 'a.md', line: 13, code: 'three\n', mode: 'types', context: undefined },
    ]);
  });

  test('takes fences out of docstrings, but not out of code', () => {
    const source =
      '/**\n * ```ts readings\n * one\n *\n *   two\n * ```\n */\nconst page = `\n```ts\nthree\n```\n`;\n';
    expect(fencesOf('a.ts', source)).toEqual([
      { path: 'a.ts', line: 3, code: 'one\n\n  two\n', mode: 'run', context: 'readings' },
    ]);
  });

  test('refuses fences that it would overlook', () => {
    expect(() => fencesOf('a.md', '```typescript\n```\n')).toThrow('a.md:2: write ts for typescript');
    expect(() => fencesOf('a.md', '```ts\none\n')).toThrow('a.md:2: a fence is not closed');
    expect(() => fencesOf('a.md', '```ts no run\n```\n')).toThrow(
      'a.md:2: a fence takes one word after ts, not 2',
    );
  });

  test('reports what does not parse, check, run or end', async () => {
    const page = [
      '```ts no-run',
      'const = 1;',
      '```',
      '```ts',
      'const a = 1;',
      "const b: string = a; if (b) throw new Error('broken');",
      '```',
      '```ts',
      'setInterval(() => {}, 1000);',
      '```',
    ].join('\n');
    const [sketch, wrong, endless] = await writeModules(fencesOf('bad.md', page), 'broken');
    if (sketch === undefined || wrong === undefined || endless === undefined)
      throw new Error('fences are missing');
    expect(await syntaxError(sketch)).toMatch(/^bad\.md:2: /);
    expect(typeErrors([wrong]).get(wrong.fence)).toEqual([
      "bad.md:6: Type 'number' is not assignable to type 'string'.",
    ]);
    const files = await bundle([wrong, endless], 'broken');
    expect(await runError(wrong.fence, files.get(wrong.fence) ?? '')).toMatch(
      /^bad\.md:5: ended with 1\n[\s\S]*Error: broken/,
    );
    expect(await runError(endless.fence, files.get(endless.fence) ?? '', 1000)).toMatch(
      /still running after 1000 ms/,
    );
  });
});
