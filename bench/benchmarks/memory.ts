// Memory: a long sensor stream through default capacities, in every placement
import { createEngine, type Placement } from 'roda-rx';
import { feeders } from '../contestants/roda.js';
import { buildStages, ReadingStruct } from '../contestants/roda-pipelines.js';
import type { Benchmark } from '../harness/benchmark.js';
import { assertDigest } from '../harness/checked.js';
import { peakResidentBytes } from '../harness/resources.js';
import { Checksum, type Digest } from '../workloads/checksum.js';
import { expectedAlerts } from '../workloads/expected.js';
import { addAlert } from '../workloads/reading-workload.js';
import { sensor } from '../workloads/sensor.js';
import { peakMegabytes, rate } from './figures.js';

interface MemoryTask {
  readonly placement: keyof typeof placements;
  readonly size: number;
  readonly expected: Digest;
}

/** Where the two stages run. */
const placements = {
  'inline engine': { engine: 'inline', stages: ['inline', 'inline'] },
  'one worker': { engine: 'worker', stages: ['worker', 'worker'] },
  'two workers': { engine: 'worker', stages: [{ worker: 'first' }, { worker: 'second' }] },
  'worker, then inline': { engine: 'worker', stages: ['worker', 'inline'] },
  'inline, then worker': { engine: 'worker', stages: ['inline', 'worker'] },
} as const satisfies Record<
  string,
  { engine: 'inline' | 'worker'; stages: readonly [summaries: Placement, alerts: Placement] }
>;

const LABELS = Object.keys(placements) as (keyof typeof placements)[];
const SIZE = 100_000_000;
const QUICK_SIZE = 1_000_000;
const MOST_MEGABYTES = 300;

export const memory: Benchmark = {
  name: 'memory',
  title: 'Memory of a long stream',
  about: `The most memory that the whole process had resident while \`sensor\` went through its two stages, record by record, through
journals of default capacity. Memory is bounded by the capacities, not by the length of the stream.`,
  rounds: 1,
  figures: [peakMegabytes, rate],
  comparisons: [],
  goals: LABELS.map((lane) => ({ lane, of: peakMegabytes.title, must: 'at most', bound: MOST_MEGABYTES })),
  ours: LABELS,
  chart: { kind: 'bars', axis: 'peak resident memory, MB', figure: peakMegabytes.key },

  lanes(scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) {
    const expected = expectedAlerts(sensor, size);
    return LABELS.map((placement) => ({ label: placement, task: { placement, size, expected } }));
  },

  async observe(task) {
    const { placement, size, expected } = task as MemoryTask;
    const { engine: where, stages } = placements[placement];
    const engine = createEngine({ placement: where });
    const readings = engine.source(ReadingStruct);
    const results = new Checksum();
    buildStages.sensor(readings, stages).alerts.subscribe((alert) => addAlert(results, alert));
    const start = performance.now();
    await feeders.next(engine, readings, sensor)(size, 0);
    const ms = performance.now() - start;
    await engine.close();
    assertDigest(`${placement}, sensor of ${size}`, results.digest(), expected);
    return { records: size, ms, peakRssBytes: peakResidentBytes() };
  },
};
