// What a benchmark is: lanes that are observed in processes of their own, figures made of that, and goals for them
import type { Order } from './session.js';

/** `quick` runs in seconds and checks that everything works; only `full` is worth reading. */
export type Scale = 'full' | 'quick';

/** What one process saw: named numbers. */
export type Observation = Readonly<Record<string, number>>;

/** A number made of an observation. */
export interface Figure {
  /** Its name in results files. */
  readonly key: string;
  /** Its name in tables, with the unit. */
  readonly title: string;
  readonly digits: number;
  of(observation: Observation): number;
}

/** Compares the first figure of a lane with that of another lane, round by round. */
export interface Comparison {
  readonly title: string;
  readonly by: 'ratio' | 'difference';
  readonly digits: number;
  /** The lane that a lane is compared with, if any. */
  baselineOf(label: string): string | undefined;
}

/** A bound for the median of a figure or of a comparison. */
export interface Goal {
  readonly lane: string;
  /** The title of a figure or of a comparison. */
  readonly of: string;
  readonly must: 'at least' | 'at most';
  readonly bound: number;
  /** Another goal that is as good: one of the two has to be met. */
  readonly or?: Goal;
}

/** Somebody, or something, that is observed once a round. */
export interface Lane {
  readonly label: string;
  /** What its process is told: plain data. */
  readonly task: Order['task'];
}

/**
 * How the page shows a benchmark: bars from zero; percentiles on a logarithmic axis, the first of them as dots; or lines of a
 * figure over what lanes differ in, which is on a logarithmic axis.
 */
export type ChartSpec =
  | { readonly kind: 'bars'; readonly axis: string; readonly figure: string }
  | {
      readonly kind: 'percentiles';
      readonly axis: string;
      readonly unit: string;
      readonly figures: readonly string[];
    }
  | {
      readonly kind: 'lines';
      readonly axis: string;
      /** What the lanes differ in. */
      readonly across: string;
      readonly figure: string;
      /** The line that a lane is on, and where. */
      pointOf(label: string): { readonly series: string; readonly x: number } | undefined;
    };

export interface Benchmark {
  readonly name: string;
  /** A heading, and a paragraph that says what is done. */
  readonly title: string;
  readonly about: string;
  /** Rounds of a full run. */
  readonly rounds: number;
  /** The first is what comparisons compare. */
  readonly figures: readonly Figure[];
  readonly comparisons: readonly Comparison[];
  readonly goals: readonly Goal[];
  /** Labels of the lanes that run this project's code; the others are what it is compared with. */
  readonly ours: readonly string[];
  readonly chart: ChartSpec;
  /** @param size Records or samples, instead of those of the scale. */
  lanes(scale: Scale, size?: number): readonly Lane[];
  /** Does a lane's task once, in this process, and checks the result. */
  observe(task: Order['task']): Promise<Observation>;
}
