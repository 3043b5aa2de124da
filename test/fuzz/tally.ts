// Counts what cases ran, and says whether they were worth it.
import type { Report } from './cases.js';
import { OPERATORS } from './grammar/operators.js';

/** The least share of cases that must have run on `wasm` too. */
const LEAST_ON_WASM = 0.8;
/** The least share of operators that the compiler must have taken in. */
const LEAST_TAKEN = 0.8;
/** The most cases in which a function may fail. */
const MOST_FAILED = 0.3;

export class Tally {
  /** Cases that ran on all three: the model, `js` and `wasm`. */
  cases = 0;
  problems = 0;
  private readonly started = Date.now();
  private withoutWasm = 0;
  private failed = 0;
  private records = 0;
  private pipelines = 0;
  private refused = 0;
  private readonly reasons = new Map<string, number>();
  private readonly operators = new Map<string, number>();

  add({ cases, notCompiled, failed, refusals, operators, records, problem }: Report): void {
    this.pipelines++;
    if (notCompiled === undefined) this.cases += cases;
    else {
      this.withoutWasm += cases;
      count(this.reasons, `not compiled: ${notCompiled}`);
    }
    this.failed += failed;
    this.records += records;
    this.refused += refusals.length;
    for (const refusal of refusals) count(this.reasons, `refused: ${refusal}`);
    for (const operator of operators) count(this.operators, operator);
    if (problem !== undefined) this.problems++;
  }

  private get share(): number {
    return this.cases / Math.max(1, this.cases + this.withoutWasm);
  }

  private get taken(): number {
    let operators = 0;
    for (const n of this.operators.values()) operators += n;
    return operators / Math.max(1, operators + this.refused);
  }

  line(): string {
    const seconds = (Date.now() - this.started) / 1000;
    return `${this.cases} cases on model, js and wasm (${percent(this.share)} of all; ${this.withoutWasm} on model and js) from ${this.pipelines} pipelines, ${this.records} records, ${this.failed} cases with failures, ${this.problems} problems, ${seconds.toFixed(0)} s`;
  }

  text(): string {
    const list = (of: Map<string, number>, most: number) =>
      [...of]
        .sort(([, a], [, b]) => b - a)
        .slice(0, most)
        .map(([name, n]) => `  ${n} ${name}`)
        .join('\n');
    return `${this.line()}\n${percent(this.taken)} of operators taken in\n${list(this.operators, 20)}\n${list(this.reasons, 25)}`;
  }

  /** Why so many cases without a problem would say little. */
  shortcoming(): string | undefined {
    if (this.share < LEAST_ON_WASM) return `only ${percent(this.share)} of the cases ran on wasm`;
    if (this.taken < LEAST_TAKEN) return `only ${percent(this.taken)} of the operators were taken in`;
    const failed = this.failed / Math.max(1, this.cases);
    if (failed > MOST_FAILED) return `a function failed in ${percent(failed)} of the cases`;
    const missing = OPERATORS.filter((name) => !this.operators.has(name));
    return missing.length > 0 ? `${missing.join(', ')} never ran` : undefined;
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function count(of: Map<string, number>, name: string): void {
  of.set(name, (of.get(name) ?? 0) + 1);
}
