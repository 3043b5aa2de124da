// All benchmarks, in the order of the page; each is loaded only where it is needed
import type { Benchmark } from '../harness/benchmark.js';

const loaders = {
  sensor: async () => (await import('./workloads.js')).sensorThroughput,
  'sensor-1000': async () => (await import('./workloads.js')).sensor1000Throughput,
  service: async () => (await import('./workloads.js')).serviceThroughput,
  'many-keys': async () => (await import('./workloads.js')).manyKeysThroughput,
  'many-keys-10': async () => (await import('./workloads.js')).tenAKeyThroughput,
  'records-curve': async () => (await import('./curves/records.js')).recordsCurve,
  'keys-curve': async () => (await import('./curves/keys.js')).keysCurve,
  'growth-pause': async () => (await import('./growth-pause.js')).growthPause,
  collections: async () => (await import('./collections.js')).collections,
  mbo: async () => (await import('./mbo/benchmark.js')).mbo,
  persist: async () => (await import('./persist.js')).persist,
  memory: async () => (await import('./memory.js')).memory,
  'hand-off': async () => (await import('./hand-off/benchmark.js')).handOff,
  'round-trip': async () => (await import('./round-trip/benchmark.js')).roundTrip,
  'tick-to-signal': async () => (await import('./tick-to-signal/benchmark.js')).tickToSignal,
  'event-loop': async () => (await import('./event-loop/benchmark.js')).eventLoop,
  histogram: async () => (await import('./histogram.js')).histogram,
  'histogram-reading': async () => (await import('./histogram-reading.js')).histogramReading,
  measuring: async () => (await import('./measuring.js')).measuring,
  idle: async () => (await import('./idle/benchmark.js')).idle,
  'start-up': async () => (await import('./start-up/benchmark.js')).startUp,
} satisfies Record<string, () => Promise<Benchmark>>;

export const BENCHMARKS: readonly string[] = Object.keys(loaders);

/** @throws {RangeError} If there is no benchmark of that name. */
export function loadBenchmark(name: string): Promise<Benchmark> {
  const load = (loaders as Record<string, (() => Promise<Benchmark>) | undefined>)[name];
  if (load !== undefined) return load();
  throw new RangeError(`Cannot run benchmark ${name}: there are ${BENCHMARKS.join(', ')}`);
}
