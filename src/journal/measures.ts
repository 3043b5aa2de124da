// What stages measure with, as a thread that runs one uses it.
import type { Memory } from '../memory/index.js';
import { type HistogramShape, openHistogramMemory } from './histogram.js';
import { HistogramWriter } from './histogram-writer.js';
import { LatencyTimer } from './latency-timer.js';
import { ProgressCounter, type ProgressShape } from './progress.js';

/** Something that a stage measures with, and where it lies: a plain value. */
export type Measure =
  /** Counts values that functions give it. */
  | { readonly kind: 'histogram'; readonly shape: HistogramShape }
  /** Times every nth record. */
  | { readonly kind: 'latency'; readonly shape: HistogramShape; readonly every: number }
  /** Counts records. */
  | { readonly kind: 'progress'; readonly shape: ProgressShape };

/** Opens it, in the thread that runs the stage. */
export function openMeasure(
  memory: Memory,
  measure: Measure,
): HistogramWriter | LatencyTimer | ProgressCounter {
  switch (measure.kind) {
    case 'histogram':
      return new HistogramWriter(openHistogramMemory(memory, measure.shape));
    case 'latency':
      return new LatencyTimer(openHistogramMemory(memory, measure.shape), measure.every);
    case 'progress':
      return new ProgressCounter(memory, measure.shape);
  }
}
