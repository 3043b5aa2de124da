// Code frames: the lines of a function around a place, with line numbers and carets.

const CONTEXT_LINES = 2;

/**
 * The lines around a range of a text.
 *
 * @param text The function's source.
 * @param start Where the range begins, in UTF-16 units.
 * @param end Where it ends; carets are drawn to the end of the first line at most.
 */
export function codeFrame(text: string, start: number, end: number): string {
  const lines = text.split('\n');
  const before = text.slice(0, start).split('\n');
  const line = before.length - 1;
  const column = (before[line] as string).length;
  const first = Math.max(0, line - CONTEXT_LINES);
  const last = Math.min(lines.length - 1, line + CONTEXT_LINES);
  const width = String(last + 1).length;
  const out: string[] = [];
  for (let i = first; i <= last; i++) {
    const content = (lines[i] as string).replace(/\r$/, '');
    out.push(`${i === line ? '>' : ' '} ${String(i + 1).padStart(width)} | ${content}`.trimEnd());
    if (i !== line) continue;
    const carets = Math.max(1, Math.min(end - start, content.length - column));
    const indent = content.slice(0, column).replace(/[^\t]/g, ' ');
    out.push(`  ${' '.repeat(width)} | ${indent}${'^'.repeat(carets)}`);
  }
  return out.join('\n');
}
