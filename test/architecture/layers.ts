// The rules that hold the source to its layers, as a function from a file to what it does wrong.
import { posix } from 'node:path';
import ts from 'typescript';

/** The folders of src/, lowest first: each may import itself and those before it. */
export const LAYERS = [
  'errors',
  'memory',
  'schema',
  'journal',
  'file',
  'operator',
  'compiler',
  'runtime',
  'engine',
  'rx',
] as const;

/** The packages that may be imported, and the only folder that may. */
const PACKAGES: Readonly<Record<string, string>> = { rxjs: 'src/rx/', acorn: 'src/compiler/' };
const NODE_FOLDER = 'src/runtime/platform/';
const ATOMICS_FILE = 'src/memory/atomics.ts';
const MAX_LINES = 400;

/** Files that are longer than 400 lines, and why. */
export type LongFiles = Readonly<Record<string, string>>;

export interface SourceFile {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every module that a file names: imports, re-exports, types by import, dynamic imports and require. */
function importsOf(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const take = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) take(node.argument.literal);
    else if (ts.isExternalModuleReference(node)) take(node.expression);
    else if (ts.isCallExpression(node)) {
      const { expression } = node;
      const loads =
        expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(expression) && ['require', 'getBuiltinModule'].includes(expression.text)) ||
        (ts.isPropertyAccessExpression(expression) && expression.name.text === 'getBuiltinModule');
      if (loads) take(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Whether a file uses `Atomics`: by name, or in the text of code that it makes. */
function usesAtomics(tree: ts.SourceFile): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'Atomics') found = true;
    else if (
      (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) &&
      /\bAtomics\b/.test(node.text)
    ) {
      found = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** The place of a path among the layers; the index of src/ is above them all. */
function rank(path: string): number {
  const [top, layer] = path.split('/');
  if (top !== 'src') return -1;
  const index = (LAYERS as readonly string[]).indexOf(layer ?? '');
  return index >= 0 ? index : path === 'src/index.ts' ? LAYERS.length : -1;
}

function checkRelative(path: string, specifier: string): string | undefined {
  if (!/\.js$/.test(specifier)) return `imports ${specifier} without .js`;
  const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
  if (path.startsWith('operators/')) {
    const allowed = ['operators/', 'src/operator/', 'src/schema/'].some((folder) =>
      target.startsWith(folder),
    );
    return allowed ? undefined : `imports ${target}: operators import only src/operator and src/schema`;
  }
  if (rank(target) < 0) return `imports ${target}, which is outside the layers`;
  return rank(target) <= rank(path) ? undefined : `imports ${target}, which is a layer above`;
}

function checkPackage(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) {
    return path.startsWith(NODE_FOLDER) ? undefined : `imports ${specifier} outside ${NODE_FOLDER}`;
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const folder = PACKAGES[name];
  if (folder === undefined) return `imports the package ${name}`;
  return path.startsWith(folder) ? undefined : `imports ${name} outside ${folder}`;
}

/** What is wrong with any file of the project. */
export function habitViolations({ path, text }: SourceFile, longFiles: LongFiles = {}): string[] {
  const found: string[] = [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const [first = '', second = ''] = text.split('\n');
  const opening = first.startsWith('#!') ? second : first;
  if (!/^(\/\/|\/\*\*?) ?\S/.test(opening)) found.push('does not say in its first line what it is');
  if (lines > MAX_LINES && !(path in longFiles))
    found.push(`has ${lines} lines, and no reason for it is listed`);
  if (lines <= MAX_LINES && path in longFiles) found.push(`is listed as long, but has ${lines} lines`);
  return found;
}

/** What is wrong with a file of src/ or operators/: what it imports, and where it uses `Atomics`. */
export function layerViolations({ path, text }: SourceFile): string[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022);
  const found: string[] = [];
  if (path.startsWith('src/') && rank(path) < 0) found.push('belongs to no layer');
  for (const specifier of importsOf(tree)) {
    const wrong = specifier.startsWith('.') ? checkRelative(path, specifier) : checkPackage(path, specifier);
    if (wrong !== undefined) found.push(wrong);
  }
  // The catalogue of errors explains `Atomics` in words.
  if (path !== ATOMICS_FILE && !path.startsWith('src/errors/') && usesAtomics(tree)) {
    found.push(`uses Atomics outside ${ATOMICS_FILE}`);
  }
  return found;
}
