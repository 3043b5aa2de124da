// Type-checks fences in one program, bundles them in one build, and runs each in a process of its own.
import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import ts from 'typescript';
import { embedWorker } from '../../scripts/embed-worker.js';
import { contexts } from './contexts.js';
import type { Fence } from './fences.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const RUN_TIMEOUT_MS = 60_000;

/** A fence as a module in a file. */
export interface FenceModule {
  readonly fence: Fence;
  readonly file: string;
  readonly text: string;
  /** How many lines stand before the fence's own. */
  readonly shift: number;
}

/** Where a fence came from, for messages. */
export function placeOf({ path, line }: Fence, offset = 0): string {
  return `${path}:${line + offset}`;
}

/** The modules that fragments need not import from, those of the package first. */
const MODULES = {
  'roda-rx': 'src/index.ts',
  'roda-rx/operators': 'operators/index.ts',
  rxjs: 'node_modules/rxjs/dist/types/index.d.ts',
} as const;

/** What they export. */
const exported = new Map<string, Set<string>>();

function exportsOf(specifier: keyof typeof MODULES): Set<string> {
  const known = exported.get(specifier);
  if (known !== undefined) return known;
  const path = join(root, MODULES[specifier]);
  const program = ts.createProgram([path], compilerOptions());
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (symbol === undefined) throw new Error(`Cannot read the exports of ${specifier}: ${path} is no module`);
  const names = new Set(checker.getExportsOfModule(symbol).map(({ name }) => name));
  exported.set(specifier, names);
  return names;
}

function compilerOptions(): ts.CompilerOptions {
  const path = join(root, 'tsconfig.json');
  const config = ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config, ts.sys, root);
  return { ...config.options, incremental: false, noEmit: true, noUnusedLocals: false, configFilePath: path };
}

/** Imports for the names that a fragment uses without declaring them. */
function missingImports(code: string): string[] {
  const tree = ts.createSourceFile('fragment.ts', code, ts.ScriptTarget.ES2022, true);
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const declares = 'name' in parent && parent.name === node && !ts.isPropertyAccessExpression(parent);
      (declares && !ts.isPropertyAssignment(parent) ? declared : used).add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return (Object.keys(MODULES) as Array<keyof typeof MODULES>).flatMap((specifier) => {
    const names = [...exportsOf(specifier)].filter((name) => used.has(name) && !declared.has(name));
    for (const name of names) declared.add(name);
    return names.length === 0 ? [] : [`import { ${names.join(', ')} } from '${specifier}';`];
  });
}

function textOf(fence: Fence): Pick<FenceModule, 'text' | 'shift'> {
  if (fence.context === undefined) return { text: `${fence.code}export {};\n`, shift: 0 };
  const context = contexts[fence.context];
  if (context === undefined) throw new Error(`${placeOf(fence)}: ts ${fence.context} is not known`);
  const body = [...context.before, fence.code, ...context.after].join('\n');
  // One line, and types and values in one import: that is why the fences are checked without verbatimModuleSyntax.
  const imports = missingImports(body).join(' ');
  const before = [imports, ...context.before];
  return {
    text: [...before, fence.code, ...context.after, 'export {};', ''].join('\n'),
    shift: before.length,
  };
}

/** Writes fences as modules to a folder under out/. */
export async function writeModules(fences: readonly Fence[], name: string): Promise<FenceModule[]> {
  const folder = join(root, 'out', 'fences', name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return Promise.all(
    fences.map(async (fence) => {
      const file = join(folder, `${fence.path.replace(/[^a-z0-9]+/gi, '-')}-${fence.line}.ts`);
      const { text, shift } = textOf(fence);
      await writeFile(file, text);
      return { fence, file, text, shift };
    }),
  );
}

/** The syntax error of a fence, if it has one. */
export async function syntaxError({ fence, text }: FenceModule): Promise<string | undefined> {
  try {
    await transform(text, { loader: 'ts', sourcefile: placeOf(fence), logLevel: 'silent' });
    return undefined;
  } catch (error) {
    return `${placeOf(fence)}: ${(error as Error).message}`;
  }
}

/** The type errors of fences, each with its place in the page. */
export function typeErrors(modules: readonly FenceModule[]): Map<Fence, string[]> {
  const byFile = new Map(modules.map((module) => [module.file, module]));
  const program = ts.createProgram([...byFile.keys()], { ...compilerOptions(), verbatimModuleSyntax: false });
  const errors = new Map<Fence, string[]>();
  for (const [file, { fence, shift }] of byFile) {
    const source = program.getSourceFile(file);
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    const messages = diagnostics.map(({ start = 0, messageText }) => {
      const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
      return `${placeOf(fence, line - shift)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    if (messages.length > 0) errors.set(fence, messages);
  }
  return errors;
}

/** Bundles fences over the sources; the file to run of each. */
export async function bundle(modules: readonly FenceModule[], name: string): Promise<Map<Fence, string>> {
  const outdir = join(root, 'out', 'fences', `${name}-run`);
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: modules.map(({ file }) => file),
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    outdir,
    outbase: join(root, 'out', 'fences', name),
    sourcemap: 'inline',
    plugins: [embedWorker()],
    logLevel: 'silent',
  });
  const folder = join(root, 'out', 'fences', name);
  return new Map(
    modules.map(({ fence, file }) => [fence, join(outdir, relative(folder, file).replace(/\.ts$/, '.js'))]),
  );
}

/** Runs a bundled fence to its end; what went wrong, if anything did. */
export function runError(
  fence: Fence,
  file: string,
  timeoutMs = RUN_TIMEOUT_MS,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const timer = setTimeout(() => {
      output += `\nstill running after ${timeoutMs} ms`;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? undefined : `${placeOf(fence)}: ended with ${code}\n${output}`);
    });
  });
}
