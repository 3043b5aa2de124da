// Live parameters: made in an engine's memory, and of use to its own stages only.
import { fail } from '../errors/index.js';
import { LINE_WORDS, RegionKind } from '../memory/index.js';
import { isParam, isWithUsing, type OperatorDefinition, type Param } from '../operator/index.js';
import { letPass } from './back-pressure.js';
import type { Engine } from './engine.js';
import { describe } from './options.js';

/** @throws {TypeError} PARAM_OF_ANOTHER_ENGINE */
export function checkParams(owner: object, definition: OperatorDefinition): void {
  const check = (name: string, value: unknown) => {
    if (isParam(value) && value.owner !== owner) {
      throw fail('PARAM_OF_ANOTHER_ENGINE', { operator: definition.name, name });
    }
    if (isWithUsing(value)) for (const [inner, used] of Object.entries(value.using)) check(inner, used);
  };
  for (const [name, value] of Object.entries(definition.using)) check(name, value);
}

export function createParam(engine: Engine, value: number): Param {
  engine.checkOpen('create a parameter');
  const { f64 } = engine.memory;
  const address = engine.arena.allocate(LINE_WORDS, 'a parameter', { kind: RegionKind.PARAMETER });
  const store = (next: number) => {
    if (typeof next !== 'number') throw fail('PARAM_VALUE', { found: describe(next) });
    // Records taken before see the value that they were taken under.
    for (const graph of engine.activeGraphs) {
      if (graph.stages.some(({ program }) => program.params.includes(address))) letPass(engine, graph);
    }
    // One aligned word; ordered before later records by their publication.
    f64[address] = next;
  };
  store(value);
  return {
    kind: 'param',
    address,
    owner: engine,
    get value() {
      return f64[address] as number;
    },
    set value(next: number) {
      store(next);
    },
  };
}
