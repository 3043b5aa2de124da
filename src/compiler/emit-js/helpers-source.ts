// Source text of the helpers that edited functions call: shallow and deep copies of views, checked indexing.

/** The helpers, their names starting with a prefix that no function uses. Only those that occur in `code` are put out. */
export function helpersSource(prefix: string, code: string): string {
  const helpers: Record<string, string> = {
    own: `(value) => {
  if (value instanceof $ArrayView) return [...value];
  if (!(value instanceof $View) && !(value instanceof $Using)) return value;
  const copy = {};
  const accessors = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(value));
  for (const name of Object.keys(accessors)) if (accessors[name].get && name[0] !== '$') copy[name] = value[name];
  return copy;
}`,
    plain: '(value) => $plain(value)',
    ownEach: `function* (values) { for (const value of values) yield ${prefix}own(value); }`,
    plainEach: 'function* (values) { for (const value of values) yield $plain(value); }',
    absent: `(name, isSet) => {
  const [verb, doing] = isSet ? ['set', 'setting'] : ['read', 'reading'];
  throw new TypeError(\`Cannot \${verb} properties of undefined (\${doing} '\${name}')\`);
}`,
    // No element of a typed array is there, and what is stored in none goes nowhere.
    nowhere: '{ $p: -0x40000000 }',
    at: '(array, index) => (array instanceof $ArrayView ? array.$at(index) : array[index])',
    isArray: '(value) => Array.isArray(value) || value instanceof $ArrayView',
    lists: `(value) =>
  value instanceof $ArrayView || Array.isArray(value) ? Array.from(value, (one) => ${prefix}lists(one)) : value`,
    index: '(array, index) => { array.$at(index); return index; }',
  };
  const lines: string[] = [];
  const isUsed = (name: string) => ['(', ')'].some((after) => code.includes(prefix + name + after));
  const needed = new Set(Object.keys(helpers).filter(isUsed));
  if (needed.has('ownEach')) needed.add('own');
  for (const name of needed) lines.push(`const ${prefix}${name} = ${helpers[name]};`);
  return lines.join('\n');
}
