// Markdown: tables and list entries

const WIDTH = 120;

/** A table with its numbers to the right. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [row(head), row(rule), ...rows.map(row)].join('\n');
}

/** An entry of a list, in lines of bounded length. */
export function listEntry(text: string): string {
  const lines: string[] = [];
  let line = '-';
  for (const word of text.split(/\s+/)) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
