// A benchmark with the session that it was last run in, on one version of Node
import type { Benchmark } from '../harness/benchmark.js';
import { nodeMajor, type SessionResults } from '../harness/results-file.js';
import { type LaneStatistics, laneStatistics } from '../harness/statistics.js';

export interface Session {
  readonly benchmark: Benchmark;
  readonly results: SessionResults;
  readonly lanes: readonly LaneStatistics[];
  /** As in `Node 20`. */
  readonly node: string;
}

export function sessionOf(benchmark: Benchmark, results: SessionResults): Session {
  const lanes = laneStatistics(results.lanes, benchmark);
  return { benchmark, results, lanes, node: `Node ${nodeMajor(results.machine)}` };
}
