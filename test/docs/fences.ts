// Takes the TypeScript fences out of pages and docstrings.
//
//   ```ts            a module: type-checked and run
//   ```ts readings   a fragment about a source `readings`: type-checked and run among what contexts.ts puts around it
//   ```ts types      a module: type-checked
//   ```ts no-run     a sketch: only its syntax is checked

export type FenceMode = 'run' | 'types' | 'syntax';

export interface Fence {
  /** The page or source file. */
  readonly path: string;
  /** The line of its first line of code in the file, from 1. */
  readonly line: number;
  readonly code: string;
  readonly mode: FenceMode;
  /** The name of what goes around it. */
  readonly context: string | undefined;
}

const OPENING = /^(?<margin>\s*(?:\* ?)?)(?<ticks>`{3,})(?<info>.*)$/;

function modeOf(words: readonly string[], where: string): Pick<Fence, 'mode' | 'context'> {
  const [word, ...rest] = words;
  if (rest.length > 0) throw new Error(`${where}: a fence takes one word after ts, not ${words.length}`);
  if (word === undefined) return { mode: 'run', context: undefined };
  if (word === 'types') return { mode: 'types', context: undefined };
  if (word === 'no-run') return { mode: 'syntax', context: undefined };
  return { mode: 'run', context: word };
}

/**
 * The TypeScript fences of a page in Markdown, or of the docstrings of a source file.
 *
 * @throws {Error} For a fence that is not closed, or whose info is not one of those above.
 */
export function fencesOf(path: string, text: string): Fence[] {
  const fences: Fence[] = [];
  const inDocstrings = path.endsWith('.ts');
  let open: { line: number; margin: string; ticks: string; info: string; code: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (open === undefined) {
      const groups = OPENING.exec(line)?.groups;
      if (groups === undefined) continue;
      const { margin = '', ticks = '', info = '' } = groups;
      if (margin.includes('*') === inDocstrings)
        open = { line: index + 2, margin, ticks, info: info.trim(), code: [] };
      continue;
    }
    const { margin, ticks, info, code } = open;
    // Blank lines lose the space after the margin's asterisk.
    const inner = line.startsWith(margin) ? line.slice(margin.length) : line.replace(/^\s*\*?\s*/, '');
    if (inner.trimEnd() !== ticks) {
      code.push(inner);
      continue;
    }
    const where = `${path}:${open.line}`;
    const [language, ...words] = info.split(/\s+/);
    if (language === 'ts')
      fences.push({ path, line: open.line, code: `${code.join('\n')}\n`, ...modeOf(words, where) });
    else if (language === 'typescript')
      throw new Error(`${where}: write ts for typescript, so that the fence is checked`);
    open = undefined;
  }
  if (open !== undefined) throw new Error(`${path}:${open.line}: a fence is not closed`);
  return fences;
}
