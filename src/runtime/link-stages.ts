// Links a stage to those that take its records, with code of its own for each stage.
//
// Were this one shared function, all stages' records would pass through the same call sites, which V8 then can't inline:
// each stage gets a copy, so that a whole group can become one piece of machine code.
import { generate } from '../schema/index.js';
import type { RunningStage } from './running-stage.js';

export interface StageLinks {
  /** Where the stage's driver puts its records. */
  readonly sink: (record: number) => void;
  /** Runs a record of the parent's through the driver, and keeps what it throws from the parent. */
  readonly accept: (record: number) => void;
  /** Gives `accept` the driver's entry, which exists only once the driver has its sink. */
  readonly bind: (entry: (record: number) => void) => void;
}

let copies = 0;

export function linkStages(stage: RunningStage): StageLinks {
  const children = stage.children.map((_, i) => `accept${i}`);
  const body = `// copy ${copies++}
${children.map((accept, i) => `const ${accept} = stage.children[${i}].accept;`).join('\n')}
let entry;
return {
  sink: (record) => {
    stage.recordsOut++;
    ${children.map((accept) => `${accept}(record);`).join(' ')}
    if (stage.writes) stage.write(record);
  },
  accept: (record) => {
    if (stage.ended) return;
    stage.recordsIn++;
    try {
      entry(record);
    } catch (thrown) {
      stage.entryFailed(thrown, record);
    }
  },
  bind: (driver) => {
    entry = driver;
  },
};`;
  return generate<(stage: RunningStage) => StageLinks>(
    `the links of stage ${stage.plan.name}`,
    ['stage'],
    body,
  )(stage);
}
