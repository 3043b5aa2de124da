// Arguments of the benchmarks' programs

/** The number of an option, or undefined where it was not given. */
export function positiveInteger(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`Cannot bench with --${name} ${text}: it is a positive integer`);
}
