// Scales: from values to places along an axis, with ticks at round values

export interface Scale {
  readonly ticks: readonly number[];
  /** The place of a value. */
  at(value: number): number;
}

/** Wanted ticks; there may be somewhat fewer or more. */
const TICKS = 6;

/** From zero to `highest`, or a little more, in steps of 1, 2 or 5 times a power of ten. */
export function linearScale(highest: number, from: number, to: number): Scale {
  const rough = (highest > 0 ? highest : 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const count = Math.ceil((highest > 0 ? highest : 1) / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  const end = ticks.at(-1)!;
  return { ticks, at: (value) => from + ((to - from) * value) / end };
}

/** Powers of ten around the values; what is below the first of them is drawn there. */
export function logScale(lowest: number, highest: number, from: number, to: number): Scale {
  const first = Math.floor(Math.log10(lowest));
  const last = Math.max(first + 1, Math.ceil(Math.log10(highest)));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  const power = (value: number) => Math.max(first, Math.log10(value));
  return { ticks, at: (value) => from + ((to - from) * (power(value) - first)) / (last - first) };
}

/** A tick or a value in few digits: `0.5`, `12`, `1,500`. */
export function shortNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Number(value.toFixed(digits)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}
