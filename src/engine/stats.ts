// What an engine tells about its work, read from shared memory while it goes on.
import { EndKind, publishedSequence, readerPosition } from '../journal/index.js';
import type { Engine } from './engine.js';
import type { Graph } from './graph.js';
import type { Outlet } from './outlet.js';
import type { StageNode } from './stage-node.js';

/** How a source or a stage is. */
export type RunState = 'open' | 'complete' | 'error';

/** Figures of a source. Counts are records. */
export interface SourceStats {
  readonly name: string;
  /** Whether it takes records, or how it has ended. */
  readonly state: RunState;
  /** Records taken. */
  readonly recordsIn: number;
  /** Of its journal's slots, how many hold records that somebody still has to read. */
  readonly occupancy: number;
  /** Slots of that journal. */
  readonly capacity: number;
  /** Records dropped because the journal was full, and those that its own subscribers were too slow for. */
  readonly dropped: number;
  /** Records given after the end. */
  readonly ignored: number;
  /** Records refused because they don't fit the struct: dropped, or thrown back. Columns are refused as a whole, uncounted. */
  readonly invalid: number;
}

/** Figures of a stage, as of its last batch. Counts are records. */
export interface StageStats {
  readonly name: string;
  /** Whether it runs, or how it has ended. */
  readonly state: RunState;
  /** Records taken. */
  readonly recordsIn: number;
  /** Records emitted. */
  readonly recordsOut: number;
  /** Records published for it that it has not taken yet. */
  readonly lag: number;
  /** Of its output journal's slots, how many hold records that somebody still has to read. */
  readonly occupancy: number;
  /** Slots of that journal. */
  readonly capacity: number;
  /** Records that subscribers lost because they were too slow. */
  readonly dropped: number;
  /** Records whose processing threw. */
  readonly errors: number;
  /** Keys that its keyed states and tables hold, all together. */
  readonly keys: number;
}

/** Figures of an engine, read while it works; made by `engine.stats()`. */
export interface EngineStats {
  readonly sources: readonly SourceStats[];
  readonly stages: readonly StageStats[];
  /** Bytes of the engine's memory that are taken. */
  readonly memoryUsed: number;
  /** Bytes of the engine's memory. */
  readonly memorySize: number;
}

/** The figures of an engine. */
export function engineStats(engine: Engine): EngineStats {
  const graphs = [...engine.graphs];
  return {
    sources: graphs.map(sourceStats),
    stages: graphs.flatMap((graph) => graph.stages.map(stageStats)),
    memoryUsed: engine.arena.usedBytes,
    memorySize: engine.memory.buffer.byteLength,
  };
}

function sourceStats(graph: Graph): SourceStats {
  const { source } = graph;
  const { outlet } = source;
  return {
    name: source.name,
    state: stateOf(outlet),
    recordsIn: source.taken,
    occupancy: occupancy(outlet),
    capacity: outlet.journal.capacity,
    ...source.counters,
    dropped: source.counters.dropped + outlet.dropped,
  };
}

function stageStats(stage: StageNode<unknown>): StageStats {
  const { outlet } = stage;
  return {
    name: stage.name,
    state: stateOf(outlet),
    ...stage.counts(),
    lag: lag(stage),
    occupancy: occupancy(outlet),
    capacity: outlet.journal.capacity,
    dropped: outlet.dropped,
  };
}

function stateOf(outlet: Outlet<unknown>): RunState {
  const { end } = outlet;
  return end === EndKind.OPEN ? 'open' : end === EndKind.COMPLETE ? 'complete' : 'error';
}

/** Stages placed together take their records from the first one's input, so they lag behind it alike. */
function lag(stage: StageNode<unknown>): number {
  const group = stage.graph.groups.find(({ stages }) => stages.includes(stage));
  if (group === undefined) return 0;
  const position = readerPosition(group.input.journal, group.plan.reader);
  return position < 0 ? 0 : publishedSequence(group.input.journal) - position;
}

function occupancy(outlet: Outlet<unknown>): number {
  const { journal, graph } = outlet;
  const published = publishedSequence(journal);
  if (journal.retain === 'append') return published - journal.start;
  let oldest = published;
  const slots = [
    ...[...outlet.egresses].map((egress) => egress.reader.slot),
    ...graph.groups.filter(({ input }) => input === outlet).map(({ plan }) => plan.reader),
  ];
  for (const slot of slots) {
    const position = readerPosition(journal, slot);
    if (position >= 0) oldest = Math.min(oldest, position);
  }
  for (const reader of outlet.pullReaders) oldest = Math.min(oldest, published - reader.size);
  return published - oldest;
}
