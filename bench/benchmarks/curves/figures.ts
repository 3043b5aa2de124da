// What both curves tell: nanoseconds a record, beside the lane that a curve begins with
import type { Comparison, Figure } from '../../harness/benchmark.js';

export const costOfRecord: Figure = {
  key: 'ns a record',
  title: 'ns a record',
  digits: 2,
  of: ({ records, ms }) => (ms! * 1e6) / records!,
};

/** How many times the cost of the first lane of the same series. */
export function timesFirst(first: string, seriesOf: (label: string) => string | undefined): Comparison {
  return {
    title: `× the cost at ${first}`,
    by: 'ratio',
    digits: 2,
    baselineOf: (label) => {
      const series = seriesOf(label);
      const baseline = series === undefined ? undefined : `${series}, ${first}`;
      return baseline === label ? undefined : baseline;
    },
  };
}

/** The series and the number of a label such as `roda, inline, 1,000 keys`. */
export function pointOf(label: string): { series: string; x: number } | undefined {
  const found = /^(.*), ([\d,]+) \w+$/.exec(label);
  if (found === null) return undefined;
  const [, series, number] = found as unknown as [string, string, string];
  return { series, x: Number(number.replaceAll(',', '')) };
}

export function numberText(value: number): string {
  return value.toLocaleString('en-US');
}
