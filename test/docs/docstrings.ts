// Takes the docstrings of exported functions out of source files, and makes Markdown of them.

/**
 * The text of the docstring of an exported function, its margin taken off.
 *
 * @throws {Error} If there is no such function, or it has no docstring.
 */
export function docstringOf(source: string, name: string): string {
  const at = source.search(new RegExp(`^export function ${name}\\b`, 'm'));
  const before = source.slice(0, Math.max(0, at)).trimEnd();
  if (!before.endsWith('*/')) throw new Error(`Cannot read the docs of ${name}: there are none`);
  const lines = before.slice(before.lastIndexOf('/**') + 3, -2).split('\n');
  return lines
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

/** A docstring as Markdown: its tags become lists, links lead to the sections of the names. */
export function markdownOf(docstring: string): string {
  let fenced = false;
  let tag = '';
  const lines = docstring.split('\n').flatMap((line) => {
    if (line.startsWith('```')) fenced = !fenced;
    if (fenced || line.startsWith('```')) return [line];
    const [, found, rest = ''] = /^@(\w+) ?(.*)$/.exec(line) ?? [];
    if (found === undefined) return [line];
    const before = tag;
    tag = found;
    if (found === 'example') return [rest === '' ? 'Example:' : `Example: ${lowerFirst(rest)}`, ''];
    const item =
      found === 'param'
        ? rest.replace(/^(\w+) /, '- `$1`: ')
        : found === 'throws'
          ? rest.replace(/^\{(.*?)\} /, '- throws `$1`: ').replace(': By `stage()`: ', ' by `stage()`: ')
          : `- returns: ${lowerFirst(rest)}`;
    return before === '' ? ['', item] : [item];
  });
  return lines
    .join('\n')
    .replace(/\{@link (\w+)\}/g, (_, name: string) => `[\`${name}\`](#${name.toLowerCase()})`)
    .replace(/\n{3,}/g, '\n\n');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
