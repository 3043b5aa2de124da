// A curve of fixed length over a stretch of time that grows: where it gets too long, two points become one.
const POINTS = 512;

export class Trace {
  /** Values added. */
  count = 0;
  private start: number | undefined;
  private width = 1;
  private readonly sums = new Float64Array(POINTS);
  private readonly counts = new Uint32Array(POINTS);

  /** Adds a value; `at` doesn't go back. */
  add(at: number, value: number): void {
    this.start ??= at;
    let point = Math.floor((at - this.start) / this.width);
    while (point >= POINTS) {
      this.halve();
      point = Math.floor((at - this.start) / this.width);
    }
    this.sums[point]! += value;
    this.counts[point]! += 1;
    this.count++;
  }

  /** The averages, in order: each with the middle of its time. */
  points(): Array<readonly [at: number, average: number]> {
    const points: Array<readonly [number, number]> = [];
    this.counts.forEach((count, i) => {
      if (count > 0) points.push([(this.start ?? 0) + (i + 0.5) * this.width, this.sums[i]! / count]);
    });
    return points;
  }

  private halve(): void {
    const half = POINTS / 2;
    for (const values of [this.sums, this.counts]) {
      for (let i = 0; i < half; i++) values[i] = values[2 * i]! + values[2 * i + 1]!;
      values.fill(0, half);
    }
    this.width *= 2;
  }
}
