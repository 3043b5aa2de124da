// docs/errors.md is generated from the catalogue: `npm run docs:errors` writes it anew.
import { expect, expectTypeOf, test } from 'vitest';
import { type Catalogue, catalogue, type ErrorCode } from '../../src/errors/index.js';

const INTRODUCTION = `# Errors

Every error that the library throws, or sends to subscribers, has a \`code\`. A \`TypeError\` tells of a wrong shape, a \`RangeError\`
of a wrong bound, an \`Error\` of everything else. This page is generated from the catalogue in \`src/errors/\`; in the messages,
words in angle brackets stand for what is filled in.
`;

/** Stands for the parameters of a message: each is its own name, in angle brackets. */
const names = new Proxy(
  {},
  {
    get: (_, name) =>
      // Code frames and further explanations follow a message.
      name === 'detail' ? '' : `<${String(name).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}>`,
  },
);

/** The page for a catalogue: a section for each code, in the order of their names. */
function errorsPage(entries: Catalogue): string {
  const sections = Object.entries(entries)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { kind, message, when, remedy }]) => {
      return `## ${code}\n\n${kind}:\n\n\`\`\`text\n${message(names)}\n\`\`\`\n\n${when} ${remedy}\n`;
    });
  return [INTRODUCTION, ...sections].join('\n');
}

test('the codes are those of the catalogue', () => {
  expectTypeOf<ErrorCode>().toEqualTypeOf<keyof typeof catalogue>();
});

test('docs/errors.md is what the catalogue says', async () => {
  await expect(errorsPage(catalogue)).toMatchFileSnapshot('../../docs/errors.md');
});

test.each(Object.entries(catalogue as Catalogue))('%s is explained', (code, { message, when, remedy }) => {
  expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
  const text = message(names);
  expect(text).not.toMatch(/NaN|undefined|\[object|\.$/);
  for (const sentence of [when, remedy]) expect(sentence).toMatch(/^[A-Z`][\s\S]*\.$/);
});

test('a changed catalogue changes the page', () => {
  const entry = { kind: 'Error', when: 'Always.', remedy: 'None.' } as const;
  const message = (p: { maxKeys: number }): string => `Cannot hold ${p.maxKeys} keys`;
  expect(errorsPage({ TABLE_FULL: { ...entry, message } })).toContain('Cannot hold <max keys> keys');
});
