// The text of SVG pictures: elements, and what all charts have in common, styled for light and for dark pages

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; numbers are rounded to a tenth, children put in as they are. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeText(attribute(value!)).replaceAll('"', '&quot;')}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(content));
}

export function line(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return element('line', { x1, y1, x2, y2, class: className });
}

/** Both colour schemes: whoever shows the picture says which of them, and the card keeps it legible on any page. */
const STYLE = `
.card{fill:#ffffff;stroke:#d1d9e0}
text{fill:#1f2328}
.muted{fill:#59636e}
.grid{stroke:#d1d9e0}
.axis{stroke:#818b98}
.ours{fill:#0969da}
.other{fill:#a8b1bb}
.line-ours{stroke:#0969da;stroke-width:2;fill:none}
.line-other{stroke:#a8b1bb;stroke-width:2;fill:none}
.spread{stroke:#1f2328;stroke-width:1.5}
.range{stroke:#818b98;stroke-width:1.5}
.goal{stroke:#bc4c00;stroke-dasharray:4 3}
.goal-text{fill:#bc4c00}
@media (prefers-color-scheme: dark){
.card{fill:#0d1117;stroke:#3d444d}
text{fill:#f0f6fc}
.muted{fill:#9198a1}
.grid{stroke:#2a313c}
.axis{stroke:#656c76}
.ours{fill:#4493f8}
.other{fill:#656c76}
.line-ours{stroke:#4493f8}
.line-other{stroke:#656c76}
.spread{stroke:#f0f6fc}
.range{stroke:#9198a1}
.goal{stroke:#db6d28}
.goal-text{fill:#db6d28}
}
`;

export const WIDTH = 800;
const MARGIN = 20;
const HEAD = 62;

/** Where the parts of a chart go: rows of lanes, their labels on the left, values along an axis. */
export const PLOT = { left: 210, right: WIDTH - 130, top: HEAD + 16 } as const;

/** A picture with a title, a line below that says how to read it, and lines of content, one element each. */
export function picture(
  title: string,
  explanation: string,
  height: number,
  content: readonly string[],
): string {
  const parts = [
    element('title', {}, escapeText(title)),
    element('style', {}, STYLE),
    element('rect', { class: 'card', x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, rx: 6 }),
    text(MARGIN, 32, title, { 'font-size': 17, 'font-weight': 600 }),
    text(MARGIN, 53, explanation, { class: 'muted' }),
    ...content,
  ];
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
    'font-family': 'system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif',
    'font-size': 12.5,
    role: 'img',
  };
  return `${element('svg', attributes, `\n${parts.join('\n')}\n`)}\n`;
}

function attribute(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
