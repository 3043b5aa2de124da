// Memory: long streams of sensor and service through default capacities; sensor in every placement
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
import { service } from '../workloads/service.js';
import { peakMegabytes, rate } from './figures.js';

interface MemoryTask {
  readonly label: string;
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

/** Who goes through which of them. */
const lanes: Readonly<
  Record<string, { readonly workload: 'sensor' | 'service'; readonly placement: keyof typeof placements }>
> = {
  ...Object.fromEntries(
    (Object.keys(placements) as (keyof typeof placements)[]).map((placement) => [
      placement,
      { workload: 'sensor', placement },
    ]),
  ),
  'service, inline engine': { workload: 'service', placement: 'inline engine' },
  'service, one worker': { workload: 'service', placement: 'one worker' },
};

const workloads = { sensor, service };
const LABELS = Object.keys(lanes);
const SIZE = 100_000_000;
const QUICK_SIZE = 1_000_000;
/** The lanes of service have their own bound; those of sensor are held to less. */
const MOST_MEGABYTES = { sensor: 300, service: 400 };

export const memory: Benchmark = {
  name: 'memory',
  title: 'Memory of a long stream',
  about: `The most memory that the whole process had resident while \`sensor\`, or \`service\` where that is said, went through its
two stages, record by record, through journals of default capacity. Memory is bounded by the capacities, not by the length of the stream.`,
  rounds: 1,
  figures: [peakMegabytes, rate],
  comparisons: [],
  goals: LABELS.map((lane) => ({
    lane,
    of: peakMegabytes.title,
    must: 'at most',
    bound: MOST_MEGABYTES[lanes[lane]!.workload],
  })),
  ours: LABELS,
  chart: { kind: 'bars', axis: 'peak resident memory, MB', figure: peakMegabytes.key },

  lanes(scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) {
    const expected = {
      sensor: expectedAlerts(sensor, size),
      service: expectedAlerts(service, size),
    };
    return LABELS.map((label) => ({
      label,
      task: { label, size, expected: expected[lanes[label]!.workload] } satisfies MemoryTask,
    }));
  },

  async observe(task) {
    const { label, size, expected } = task as MemoryTask;
    const { workload, placement } = lanes[label]!;
    const { engine: where, stages } = placements[placement];
    const engine = createEngine({ placement: where });
    const readings = engine.source(ReadingStruct);
    const results = new Checksum();
    buildStages[workload](readings, stages).alerts.subscribe((alert) => addAlert(results, alert));
    const start = performance.now();
    await feeders.next(engine, readings, workloads[workload])(size, 0);
    const ms = performance.now() - start;
    await engine.close();
    assertDigest(`${label}, ${workload} of ${size}`, results.digest(), expected);
    return { records: workloads[workload].readings(size), ms, peakRssBytes: peakResidentBytes() };
  },
};
