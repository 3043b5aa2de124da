// docs/operators.md is generated from the docstrings: `npm run docs:operators` writes it anew.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { docstringOf, markdownOf } from './docstrings.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const INTRODUCTION = `# Operators

Import them from \`roda-rx/operators\`; \`import * as op from 'roda-rx/operators'\` where names clash with RxJS's. \`defineOperator\`,
\`compose\` and \`withUsing\` come from \`roda-rx\` itself. This page is generated from their docstrings.

In the marbles, \`{…}\` is a record, \`|\` the end, and what stands in parentheses comes at once. The examples are about a source
\`readings\` of \`struct({ sensorId: u32, value: f64, timestamp: u53 })\`, and a stage \`summaries\` over it with the running average
of each sensor: \`{ sensorId, avg, count }\`.

## What holds for all

- **Functions** see nothing but their arguments, some globals (\`Math\`, \`Number\`, \`BigInt\`, \`Array\`, …), and what the \`using\` option
  gives them, as their last parameter. \`stage()\` refuses others, with the corrected call.
- **Records.** Functions get views of records, valid only during the call. Those they are given may only be read; states
  may be assigned. What was emitted doesn't change any more when a state does.
- **Layouts** are read off the object literals that functions return. A field that is only copied from fields of one type
  keeps that type; number literals, arithmetic and mixtures are \`f64\`, comparisons \`bool\`. The \`out\` option declares a layout
  instead, and is checked against what is seen.
- **Keys** are numbers (NaN equals NaN, -0 equals 0), bigints that are known to be \`i64\` or \`u64\` (taken modulo 2^64, as
  fields are), booleans, texts, or tuples of 1 to 32 of those. A key of one operator has always the same parts.
- **State for each key** lies in a table in the engine's memory: 8 bytes for each part of the key, the state's record, and
  5 to 22 bytes of index. A table grows with its keys, up to \`maxKeys\` (1,048,576 unless told); one more ends the stage
  with TABLE_FULL. Keys are not forgotten before the stage goes, unless a \`step\` deletes them.
- **The end** of the input, complete or error, passes through every operator behind all records before it. No operator emits
  at the end.
- **A function that throws** ends its stage with a \`StageError\`, which passes through the stages behind it; with the stage's
  \`onError: 'skip'\` the record goes to \`stage.deadLetters\` instead. What was stored and emitted before stands.
- **Order** is kept: what a record makes an operator emit reaches the next one before the record after it is looked at.
`;

const PARTS: Readonly<Record<string, readonly (readonly [name: string, file: string])[]>> = {
  'Each record by itself': [
    ['map', 'operators/map.ts'],
    ['filter', 'operators/filter.ts'],
    ['tap', 'operators/tap.ts'],
  ],
  'One state for all records': [
    ['scan', 'operators/scan.ts'],
    ['pairwise', 'operators/pairwise.ts'],
    ['distinctUntilChanged', 'operators/distinct-until-changed.ts'],
    ['distinctUntilKeyChanged', 'operators/distinct-until-key-changed.ts'],
  ],
  'A state for each key': [
    ['stateful', 'operators/stateful.ts'],
    ['delta', 'operators/delta.ts'],
    ['dedupBy', 'operators/dedup-by.ts'],
    ['pairwiseBy', 'operators/pairwise-by.ts'],
  ],
  'Beside the stream': [['toSlots', 'operators/to-slots.ts']],
  Measuring: [
    ['latency', 'operators/latency.ts'],
    ['progress', 'operators/progress.ts'],
  ],
  'Operators of your own': [
    ['step', 'operators/step.ts'],
    ['keyedTable', 'src/operator/keyed-table.ts'],
    ['compose', 'src/operator/compose.ts'],
    ['defineOperator', 'src/operator/define-operator.ts'],
    ['withUsing', 'src/operator/using.ts'],
  ],
};

function operatorsPage(): string {
  const parts = Object.entries(PARTS).map(([title, operators]) => {
    const sections = operators.map(
      ([name, file]) =>
        `### ${name}\n\n${markdownOf(docstringOf(readFileSync(join(root, file), 'utf8'), name))}\n`,
    );
    return [`## ${title}\n`, ...sections].join('\n');
  });
  return [INTRODUCTION, ...parts].join('\n');
}

test('docs/operators.md is what the docstrings say', async () => {
  await expect(operatorsPage()).toMatchFileSnapshot('../../docs/operators.md');
});

test('the page has every built-in operator', () => {
  const exported = readFileSync(join(root, 'operators/index.ts'), 'utf8').matchAll(
    /\b([a-z]\w+)(?=,? \} from)/g,
  );
  const names = Object.values(PARTS).flatMap((operators) => operators.map(([name]) => name));
  expect(names).toEqual(expect.arrayContaining([...exported].map(([, name]) => name)));
});

test('every built-in operator shows marbles, an example that runs, and how RxJS differs', () => {
  for (const [name, file] of Object.values(PARTS).flat()) {
    if (!file.startsWith('operators/')) continue;
    const docs = docstringOf(readFileSync(join(root, file), 'utf8'), name);
    expect(docs, name).toMatch(/```text\n--.*\n {2}\w+\(.*\n--.*\n```/);
    expect(docs, name).toMatch(/@example.*\n```ts (readings|summaries)\n/);
    expect(docs, name).toMatch(/records? out for each record in/);
    expect(docs, name).toMatch(/\bkeeps\b[\s\S]*\bend\s+and\s+errors\s+of\s+its\s+input\s+pass/);
    expect(docs, name).toMatch(/RxJS/);
  }
});
