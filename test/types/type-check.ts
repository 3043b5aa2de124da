// Type-checks the type tests, over the sources as they are or with one of them changed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'test/types');
const tests = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'type-check.ts')
  .map((name) => join(folder, name));

/** A change to a source file that should not go unnoticed. */
export interface Change {
  readonly file: string;
  /** Text, wherever its lines are broken. */
  readonly from: string;
  readonly to: string;
}

let last: ts.Program | undefined;
/** Parsed files that no change has touched. */
const parsed = new Map<string, ts.SourceFile>();

/** What the type checker says of the type tests: place and message of each error. */
export function typeErrors(change?: Change): string[] {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  options.incremental = false;
  delete options.tsBuildInfoFile;
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, version, ...rest) => {
    if (change !== undefined && file === join(root, change.file)) {
      return ts.createSourceFile(file, changed(change), version, true);
    }
    const known = parsed.get(file) ?? getSourceFile(file, version, ...rest);
    if (known !== undefined) parsed.set(file, known);
    return known;
  };
  const program = ts.createProgram({
    rootNames: tests,
    options,
    host,
    ...(last === undefined ? {} : { oldProgram: last }),
  });
  last = program;
  return tests.flatMap((test) => {
    const file = program.getSourceFile(test);
    if (file === undefined) return [`${test} was not found`];
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ start, messageText }) => {
      const { line } = file.getLineAndCharacterOfPosition(start ?? 0);
      return `${file.fileName}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}

function changed({ file, from, to }: Change): string {
  const text = readFileSync(join(root, file), 'utf8');
  const tokens = from.match(/\w+|[^\w\s,]/g) ?? [];
  const pattern = new RegExp(tokens.map((token) => token.replace(/\W/g, '\\$&')).join('[\\s,]*'));
  const after = text.replace(pattern, () => to);
  if (after === text) throw new Error(`Cannot change ${file}: it has no ${from}`);
  return after;
}
