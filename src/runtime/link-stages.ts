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
  /** Gives its copy of the code to a later stage. */
  readonly release: () => void;
}

/**
 * Numbers of copies whose stages are gone. A copy's text has its number, and texts that are compiled again are found in the engine's
 * cache; those that never come again were kept, on V8 14, some 1.4 kB for each.
 */
const spare: number[] = [];
let copies = 0;

export function linkStages(stage: RunningStage): StageLinks {
  const children = stage.children.map((_, i) => `accept${i}`);
  const copy = spare.at(-1) ?? copies;
  const body = `// copy ${copy}
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
  const link = generate<(stage: RunningStage) => Omit<StageLinks, 'release'>>(
    `the links of stage ${stage.plan.name}`,
    ['stage'],
    body,
  );
  // Only now is it taken: where code may not be generated, there is no stage that would release it.
  if (spare.pop() === undefined) copies++;
  let isUsed = true;
  const release = () => {
    if (isUsed) spare.push(copy);
    isUsed = false;
  };
  return { ...link(stage), release };
}
