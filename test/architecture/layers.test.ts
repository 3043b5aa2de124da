// Holds the source to its layers, and the checker of the layers to what it claims.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { habitViolations, type LongFiles, layerViolations, type SourceFile } from './layers.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Files that are longer than 400 lines, and why. */
const LONG_FILES: LongFiles = {
  'src/engine/source-node.ts':
    'all ways of taking a record into one journal, which share what is private to it',
  'test/compiler/lower/flow.test.ts': 'one table of functions in the language, each a few lines',
  'test/fuzz/grammar/code.ts': 'one grammar of expressions, a few lines each rule',
  'test/fuzz/grammar/operators.ts': 'one table of operators, each with its functions',
  'test/rx/marbles.test.ts': 'one table of marble diagrams, read from top to bottom as RxJS has them',
};

/** The TypeScript and JavaScript files of a folder of the project. */
function filesIn(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry): SourceFile[] => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return /\.[cm]?[jt]s$/.test(entry.name) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : [];
  });
}

/** Every violation of some files, with the file. */
function all(files: readonly SourceFile[], check: (file: SourceFile) => string[]): string[] {
  return files.flatMap((file) => check(file).map((violation) => `${file.path} ${violation}`));
}

test('src/ and operators/ keep to the layers', () => {
  const files = [...filesIn('src'), ...filesIn('operators')];
  expect(files.length).toBeGreaterThan(20);
  expect(all(files, layerViolations)).toEqual([]);
});

test('every file says in its first line what it is, and is short or listed', () => {
  const files = ['src', 'operators', 'test', 'bench', 'examples', 'scripts'].flatMap(filesIn);
  expect(all(files, (file) => habitViolations(file, LONG_FILES))).toEqual([]);
  const paths = new Set(files.map(({ path }) => path));
  expect(Object.keys(LONG_FILES).filter((path) => !paths.has(path))).toEqual([]);
});

describe('the checker refuses', () => {
  test.each<[title: string, path: string, text: string, violation: string]>([
    [
      'a higher layer',
      'src/memory/arena.ts',
      "import { x } from '../journal/index.js';",
      'imports src/journal/index.ts, which is a layer above',
    ],
    [
      'a higher layer, by type only',
      'src/schema/a.ts',
      "import type { X } from '../compiler/b.js';",
      'imports src/compiler/b.ts, which is a layer above',
    ],
    [
      'a higher layer, exported again',
      'src/errors/a.ts',
      "export * from '../memory/b.js';",
      'imports src/memory/b.ts, which is a layer above',
    ],
    [
      'a higher layer in import()',
      'src/engine/a.ts',
      "const x = await import('../rx/b.js');",
      'imports src/rx/b.ts, which is a layer above',
    ],
    [
      'a higher layer in a type',
      'src/engine/a.ts',
      "let x: import('../rx/b.js').X;",
      'imports src/rx/b.ts, which is a layer above',
    ],
    [
      'the index from inside',
      'src/rx/a.ts',
      "import { x } from '../index.js';",
      'imports src/index.ts, which is a layer above',
    ],
    [
      'a file outside src/',
      'src/rx/a.ts',
      "import { map } from '../../operators/map.js';",
      'imports operators/map.ts, which is outside the layers',
    ],
    ['rxjs below rx', 'src/engine/a.ts', "import { Subject } from 'rxjs';", 'imports rxjs outside src/rx/'],
    [
      'a part of rxjs below rx',
      'src/runtime/a.ts',
      "import type { X } from 'rxjs/operators';",
      'imports rxjs outside src/rx/',
    ],
    ['acorn outside the compiler', 'src/rx/a.ts', "import 'acorn';", 'imports acorn outside src/compiler/'],
    ['another package', 'src/rx/a.ts', "import 'left/pad';", 'imports the package left'],
    ['a scoped package', 'src/rx/a.ts', "import '@a/b/c';", 'imports the package @a/b'],
    [
      'node outside its platform',
      'src/runtime/a.ts',
      "import { Worker } from 'node:worker_threads';",
      'imports node:worker_threads outside src/runtime/platform/',
    ],
    [
      'node got in another way',
      'src/engine/a.ts',
      "process.getBuiltinModule('node:os');",
      'imports node:os outside src/runtime/platform/',
    ],
    [
      'the engine from an operator',
      'operators/map.ts',
      "import { x } from '../src/engine/index.js';",
      'imports src/engine/index.ts: operators import only src/operator and src/schema',
    ],
    ['a package from an operator', 'operators/map.ts', "import 'rxjs';", 'imports rxjs outside src/rx/'],
    [
      'a specifier without .js',
      'src/rx/a.ts',
      "import { x } from '../engine';",
      'imports ../engine without .js',
    ],
    ['a folder that is no layer', 'src/utils/a.ts', '', 'belongs to no layer'],
    [
      'Atomics',
      'src/journal/a.ts',
      'Atomics.store(cells, 0, 1);',
      'uses Atomics outside src/memory/atomics.ts',
    ],
    [
      'Atomics in generated code',
      'src/compiler/a.ts',
      'const code = `Atomics.add($' + '{cells}, 0, 1)`;',
      'uses Atomics outside src/memory/atomics.ts',
    ],
  ])('%s', (_, path, text, violation) => {
    expect(layerViolations({ path, text })).toEqual([violation]);
  });

  test('a file that does not say what it is', () => {
    expect(habitViolations({ path: 'src/a.ts', text: 'export {};\n' })).toEqual([
      'does not say in its first line what it is',
    ]);
    expect(habitViolations({ path: 'src/a.ts', text: '//\n' })).toHaveLength(1);
  });

  test('a file of 401 lines without a reason, and a reason without need', () => {
    const long = { path: 'src/a.ts', text: `// A.\n${'\n'.repeat(400)}` };
    expect(habitViolations(long)).toEqual(['has 401 lines, and no reason for it is listed']);
    expect(habitViolations(long, { 'src/a.ts': 'because' })).toEqual([]);
    const short = { path: 'src/a.ts', text: '// A.\n' };
    expect(habitViolations(short, { 'src/a.ts': 'because' })).toEqual(['is listed as long, but has 1 lines']);
  });
});

describe('the checker allows', () => {
  test.each<[title: string, path: string, text: string]>([
    [
      'lower layers and its own',
      'src/rx/a.ts',
      "import { x } from '../engine/b.js'; import { y } from './c.js'; import { z } from 'rxjs';",
    ],
    ['everything to the index', 'src/index.ts', "export * from './rx/a.js'; export * from './errors/b.js';"],
    [
      'what operators need',
      'operators/map.ts',
      "import { a } from '../src/operator/index.js'; import type { B } from '../src/schema/index.js'; import './c.js';",
    ],
    ['node in its platform', 'src/runtime/platform/node.ts', "import { Worker } from 'node:worker_threads';"],
    ['Atomics in the seam', 'src/memory/atomics.ts', 'Atomics.load(cells, 0);'],
    ['Atomics in comments', 'src/journal/a.ts', '// Atomics order this.'],
    ['a word of an error', 'src/errors/catalogue.ts', "const when = 'Atomics.wait is forbidden';"],
  ])('%s', (_, path, text) => {
    expect(layerViolations({ path, text })).toEqual([]);
  });
});
