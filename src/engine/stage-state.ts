// The keyed state of a stage as users ask for it while it runs.
import type { TableSpec } from '../compiler/index.js';
import { fail } from '../errors/index.js';
import { createMemory, type Memory } from '../memory/index.js';
import type { StateAnswer, StateQuery } from '../runtime/state-query.js';
import { type Codec, createCodec, decodeKey, describe, encodeKey, type Struct } from '../schema/index.js';
import { checkStateOptions } from './options.js';
import type { StageNode } from './stage-node.js';

/** Which of a stage's states is asked for. */
export interface StateOptions {
  /** The operator, by its name or its place in the stage (from 0), where several keep state by key. */
  readonly operator?: string | number;
  /** One of the `tables` of a `step`, by its name; the state of the operator unless told. */
  readonly table?: string;
}

/** A key of 32 parts and the longest record. */
const SCRATCH_BYTES = 2 * 1024 * 1024;
/** Memory of this thread for what is encoded and decoded within a call. */
let scratch: Memory | undefined;

/** The state of a key; undefined if it has none. */
export async function stateOf(
  stage: StageNode<unknown>,
  key: unknown,
  options: StateOptions,
): Promise<unknown> {
  const asked = new StateTable(stage, options);
  const words = asked.wordsOf(key);
  if (words === undefined) return undefined;
  const { cells } = await asked.ask({ key: words });
  return cells.length === 0 ? undefined : asked.entries(cells)[0]?.[1];
}

/** All entries, a few hundred at a time. */
export async function* entriesOf(
  stage: StageNode<unknown>,
  options: StateOptions,
): AsyncGenerator<[unknown, unknown], void, undefined> {
  const asked = new StateTable(stage, options);
  for (let from = 0; from >= 0; ) {
    const { cells, next } = await asked.ask({ from });
    yield* asked.entries(cells);
    from = next;
  }
}

class StateTable {
  private readonly spec: TableSpec & { readonly value: Struct };
  private readonly memory: Memory;
  private codec: Codec<unknown> | undefined;

  constructor(
    private readonly stage: StageNode<unknown>,
    options: StateOptions,
  ) {
    stage.engine.checkOpen(`read the state of stage ${stage.name}`);
    scratch ??= createMemory(SCRATCH_BYTES, false);
    this.memory = scratch;
    checkStateOptions(options);
    this.spec = this.choose(options) as TableSpec & { readonly value: Struct };
  }

  /** A key as words; undefined if no record can have it. */
  wordsOf(key: unknown): Float64Array | undefined {
    const { memory, spec, stage } = this;
    const fit = encodeKey(spec, key, memory, 0, stage.engine.texts);
    if (fit === 'wrong') {
      const listed = spec.types.join(', ');
      const takes = spec.tuple ? `a tuple of ${listed}` : listed;
      throw fail('STATE_KEY', { stage: stage.name, takes, found: describe(key) });
    }
    return fit === 'unknown' ? undefined : memory.f64.slice(0, spec.types.length);
  }

  async ask(question: Omit<StateQuery, 'id' | 'stage' | 'table'>): Promise<StateAnswer> {
    const { stage, spec } = this;
    const { graph, host } = stage;
    if (graph.isDisposed) throw this.unavailable('its pipeline has been taken down');
    // Without a record there is nothing yet.
    if (!graph.isSealed) return { id: 0, gone: false, cells: new Int32Array(0), next: -1 };
    graph.source.flush();
    const query = { ...question, id: stage.engine.nextId(), stage: stage.id, table: spec.id };
    const answer = await host.query(query);
    if (answer.gone) throw this.unavailable('it has ended, and its state with it');
    return answer;
  }

  /** Keys and records of an answer. */
  entries(cells: Int32Array): [unknown, unknown][] {
    const { memory, spec, stage } = this;
    const { texts } = stage.engine;
    this.codec ??= createCodec(spec.value, memory, texts);
    const entryCells = spec.entryBytes / 4;
    const found: [unknown, unknown][] = [];
    for (let at = 0; at < cells.length; at += entryCells) {
      memory.i32.set(cells.subarray(at, at + entryCells), 0);
      found.push([decodeKey(spec, memory, 0, texts), this.codec.decode(spec.types.length)]);
    }
    return found;
  }

  private choose({ operator, table = 'state' }: StateOptions): TableSpec {
    const { operators, tables } = this.stage.program;
    const isMeant = (spec: TableSpec): boolean =>
      spec.value !== undefined &&
      spec.name === table &&
      (operator === undefined || operator === spec.operator || operator === operators[spec.operator]?.name);
    const found = tables.filter(isMeant);
    if (found.length === 1) return found[0] as TableSpec;
    const kept = table === 'state' ? 'state by key' : `table ${table}`;
    const what = `a ${kept}`;
    const isThere = operators.some(({ name }, place) => operator === name || operator === place);
    if (found.length === 0 && operator !== undefined && !isThere) {
      const names = operators.map(({ name }, place) => `${name} (${place})`);
      throw this.unavailable(`it has no operator ${operator}; it has ${names.join(', ')}`);
    }
    const of = operator === undefined ? `none of its operators keeps a` : `operator ${operator} keeps no`;
    if (found.length === 0) throw this.unavailable(`${of} ${kept}`);
    const names = found.map(({ operator: place }) => `${operators[place]?.name} (${place})`);
    throw this.unavailable(`${names.join(' and ')} keep ${what}; say which with { operator }`);
  }

  private unavailable(why: string): Error {
    return fail('STATE_UNAVAILABLE', { stage: this.stage.name, why });
  }
}
