// Groups outside of an engine: plans over journals of the test's own, which the test writes and reads.
import { compileStage, composeModules, moduleWords } from '../../src/compiler/index.js';
import {
  createBell,
  createJournal,
  type Journal,
  JournalReader,
  JournalWriter,
  joinReader,
} from '../../src/journal/index.js';
import {
  Arena,
  createMemory,
  LINE_CELLS,
  LINE_WORDS,
  type Memory,
  PAGE_BYTES,
} from '../../src/memory/index.js';
import { COUNTER_WORDS, type GroupPlan } from '../../src/runtime/plan.js';
import type { StageHost } from '../../src/runtime/running-stage.js';
import {
  createCodec,
  createTextTable,
  f64,
  struct,
  type TextTable,
  textTableWords,
} from '../../src/schema/index.js';
import type { AnyFused } from '../compiler/stage-kit.js';

export const Value = struct({ v: f64 }, 'Value');

/** A memory with what every engine has in it. */
export interface Ground {
  readonly memory: Memory;
  readonly arena: Arena;
  readonly texts: TextTable;
}

export function ground(bytes = 16 * 1024 * 1024): Ground {
  const memory = createMemory(bytes, true);
  const arena = Arena.create(memory);
  const bounds = { maxTexts: 16, maxBytes: 256 };
  const texts = createTextTable(memory, {
    address: arena.allocate(textTableWords(bounds), 'texts'),
    ...bounds,
  });
  return { memory, arena, texts };
}

/** A group of one stage, and what stands before and behind it. */
export interface Laid {
  readonly plan: GroupPlan;
  /** Publishes records `{ v }` to it. */
  feed(...values: number[]): void;
  readonly input: JournalWriter;
  readonly output: Journal;
  /** Values that it has published, and takes them from its output. */
  take(): number[];
  /** Gives back all of its memory, as an engine does once the group is removed. */
  free(): void;
}

let ids = 0;

/** @param bell The bell of the group's thread. */
export function layGroup(
  { arena, memory, texts }: Ground,
  bell: number,
  operator: AnyFused,
  { capacity = 1_024, graph = 0, rank = 0 } = {},
): Laid {
  const id = ids++;
  const name = `stage${id}`;
  const compiled = compileStage({ stage: name, input: Value, operators: operator.operators });
  const { program } = compiled;
  const pages = memory.buffer.byteLength / PAGE_BYTES;
  const layout = { shared: memory.shared, initialPages: pages, maximumPages: pages };
  const modules = composeModules(name, [{ compiled, parent: -1 }], layout).map((module) => ({
    ...module,
    region: arena.allocate(moduleWords(module.program), 'module'),
  }));
  const incoming = createJournal(arena, { name: 'input', recordWords: Value.layout.words });
  const output = createJournal(arena, { name, recordWords: program.output.layout.words, capacity });
  const counters = arena.allocate(COUNTER_WORDS, 'counters');
  const scratch = arena.allocate(Math.max(1, program.scratchWords), 'scratch');
  const flagLine = arena.allocate(LINE_WORDS, 'flag');
  const readerBell = createBell(arena);
  const reader = new JournalReader(output, joinReader(output, { bell: readerBell, gating: true, from: 0 }));
  const decode = createCodec(program.output, memory, texts).decode as (address: number) => { v: number };
  const { encode } = createCodec(Value, memory, texts);
  const plan: GroupPlan = {
    id,
    graph,
    rank,
    input: { name: 'input', address: incoming.address },
    marks: undefined,
    reader: joinReader(incoming, { bell, gating: true, from: 0 }),
    flag: (flagLine / LINE_WORDS) * LINE_CELLS,
    stages: [
      {
        name,
        id,
        parent: -1,
        program,
        output: { name, address: output.address },
        marks: undefined,
        counters,
        scratch,
        onError: 'stop',
      },
    ],
    modules,
  };
  const input = new JournalWriter(incoming);
  return {
    plan,
    input,
    output,
    feed(...values) {
      for (const v of values) encode(input.claim(), { v });
      input.publish();
    },
    take() {
      const count = reader.available();
      const values = Array.from({ length: count }, (_, i) => decode(reader.address(i)).v);
      reader.advance(count);
      return values;
    },
    free() {
      for (const { region } of modules) arena.free(region);
      for (const region of [incoming.address, output.address, counters, scratch, flagLine])
        arena.free(region);
    },
  };
}

/** A host that never waits: what needs room throws. */
export function hostOf({ memory, arena, texts }: Ground): StageHost {
  return {
    memory,
    arena,
    texts,
    console,
    waitForRoom: (stage) => {
      throw new Error(`${stage.plan.name} has to wait for room`);
    },
    deadLetter: () => {},
  };
}
