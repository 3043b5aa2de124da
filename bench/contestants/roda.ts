// roda-rx: the same pipelines, inline and in workers, fed record by record and by columns

import type { AverageSummary, SumSummary } from '../workloads/reading-workload.js';
import type { Contestant } from './contestant.js';

export const rodaContestants: {
  readonly sensor: readonly Contestant<SumSummary>[];
  readonly service: readonly Contestant<SumSummary>[];
  readonly 'many-keys': readonly Contestant<AverageSummary>[];
} = { sensor: [], service: [], 'many-keys': [] };
