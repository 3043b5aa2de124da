// What is looked at: series of measurements, each with the windows of time in which something is known to have gone wrong.

/** A stretch of time in seconds since 1970, both ends included. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface Series {
  readonly metric: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly anomalies: readonly Window[];
}

/** The measurements of all series in order of time, as they would come in. */
export function* inOrder(
  series: readonly Series[],
): Generator<{ metric: string; time: number; value: number }> {
  const at = series.map(() => 0);
  for (;;) {
    let first = -1;
    series.forEach(({ times }, i) => {
      const time = times[at[i]!];
      if (time === undefined) return;
      if (first < 0 || time < series[first]!.times[at[first]!]!) first = i;
    });
    if (first < 0) return;
    const { metric, times, values } = series[first]!;
    const i = at[first]!++;
    yield { metric, time: times[i]!, value: values[i]! };
  }
}
