// Source text of a stage's driver: all operators in one closure, each handing its records straight to the next.
import { RECORD_PRELUDE, RecordNames, recordSource, type Struct } from '../../schema/index.js';
import { functionsOf, type OperatorPlan } from '../analyse/analyse-operator.js';
import type { StageValues } from '../analyse/using.js';
import { helpersSource } from './helpers-source.js';
import { freshPrefix } from './names.js';
import { type DriverContext, operatorSource } from './operator-source.js';

export interface DriverSource {
  readonly source: string;
  readonly scratchWords: number;
}

/** The driver of a stage. `from` names where it was built, for stack traces. */
export function driverSource(
  plans: readonly OperatorPlan[],
  values: StageValues,
  from: string,
): DriverSource {
  const functions = plans.flatMap((plan) => [
    plan.step,
    ...[...plan.functions.values(), ...functionsOf([plan.using, plan.constants])].map((fn) => fn.parsed),
  ]);
  const prefix = freshPrefix(functions);
  const names = new RecordNames();
  const records: string[] = [];
  let scratchWords = 0;
  let numbers = 0;
  const driver: DriverContext = {
    prefix,
    number(struct: Struct) {
      const n = names.struct(struct);
      records.push(recordSource(struct, n, { names }));
      return n;
    },
    scratch(words) {
      const at = scratchWords;
      scratchWords += words;
      return at === 0 ? 'env.scratch' : `env.scratch + ${at}`;
    },
    next: () => numbers++,
  };
  const codes = plans.map((plan, i) =>
    operatorSource(plan, i, i + 1 < plans.length ? `entry${i + 1}` : 'sink', driver),
  );
  const operators = codes
    .map((code) => code.text)
    .reverse()
    .join('\n\n');
  const aliases = aliasSource(prefix, operators);
  const source = `${RECORD_PRELUDE}
class $Using {}
const console = env.console, sink = env.sink;
${values.constants.map((_, i) => `const C${i} = env.constants[${i}];`).join('\n')}
${values.measures.map((measure, i) => `const M${i} = env.measure(${JSON.stringify(measure)});`).join('\n')}
${values.params.map((address, i) => `const P${i} = ${address};`).join('\n')}
${records.join('')}
${aliases}
${helpersSource(prefix, operators)}
let op = 0, failed = 0;

${operators}

function entry(p) {
  failed = 0;
  entry0(p);
}
function run(base, mask, words, from, count) {
  let i = 0;
  try {
    for (; i < count; i++) entry0(base + ((from + i) & mask) * words);
  } finally {
    failed = i;
  }
}
return {
  entry,
  run,
  failedAt: () => ({ index: failed, operator: op }),
  tables: [${codes.flatMap((code) => code.heads).join(', ')}],
  dispose() { ${codes.flatMap((code) => code.disposes).join(' ')} },
};
//# sourceURL=${from}
`;
  return { source: source.replace(/\n{3,}/g, '\n\n'), scratchWords: Math.max(1, scratchWords) };
}

/** Names of the driver under the prefix, for use within functions, whose own variables may have such names. */
function aliasSource(prefix: string, code: string): string {
  const lines: string[] = [];
  for (const name of ['I8', 'U8', 'I16', 'U16', 'I32', 'U32', 'F32', 'F64', 'I64', 'U64', 'T', 'BigInt']) {
    if (code.includes(`${prefix}${name}[`) || code.includes(`${prefix}${name}.`))
      lines.push(`const ${prefix}${name} = ${name};`);
  }
  return lines.join('\n');
}
