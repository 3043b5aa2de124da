// Small builders for SVG text: elements, paths and text, with numbers rounded to a tenth.

export type Attributes = Readonly<Record<string, string | number>>;
export type Point = readonly [x: number, y: number];

/** An element; children are put in as they are. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${round(value)}"`);
  const open = `<${name}${written.join('')}`;
  return children.length > 0 ? `${open}>${children.join('')}</${name}>` : `${open}/>`;
}

/** A whole picture on white; sizes in pixels. */
export function picture(
  { width, height, ink, title }: { width: number; height: number; ink: string; title: string },
  ...children: string[]
): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      'font-family': 'system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif',
      'font-size': 12,
      fill: ink,
      role: 'img',
    },
    element('title', {}, title),
    element('rect', { width, height, fill: '#ffffff' }),
    ...children,
  );
}

export function label(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(text));
}

/** The `d` of a path along each run of points; a run of one point is a dot under round caps. */
export function linePath(runs: readonly (readonly Point[])[]): string {
  return runs
    .map((run) => {
      const [first, ...rest] = run.map(([x, y]) => `${round(x)} ${round(y)}`);
      return `M${first}L${rest.length > 0 ? rest.join(' ') : first}`;
    })
    .join('');
}

function round(value: string | number): string {
  return typeof value === 'number'
    ? String(Math.round(value * 10) / 10)
    : escapeText(value).replaceAll('"', '&quot;');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
