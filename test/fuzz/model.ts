// The model at work on a pipeline: plain RxJS over plain objects.
import { map, type Observable, type OperatorFunction, Subject } from 'rxjs';
import type * as library from '../../operators/index.js';
import type { FieldType, Struct } from '../../src/schema/index.js';
import * as models from '../models/index.js';
import { coerce } from '../models/index.js';
import type { RandomPipeline } from './pipeline.js';
import { Outcome } from './world.js';

type Wrap = (value: unknown) => unknown;

/** A record whose arrays refuse indices out of range, as those of the library do; undefined if it has none. */
function wrapOf(type: FieldType): Wrap | undefined {
  if (type.kind === 'scalar') return undefined;
  if (type.kind === 'struct') {
    const wraps = type.struct.layout.fields.map(({ name, type }) => [name, wrapOf(type)] as const);
    if (wraps.every(([, wrap]) => wrap === undefined)) return undefined;
    return (value) => {
      const record = value as Record<string, unknown>;
      return Object.fromEntries(
        wraps.map(([name, wrap]) => [name, wrap ? wrap(record[name]) : record[name]]),
      );
    };
  }
  const element = wrapOf(type.element);
  return (value) => {
    const list = element === undefined ? [...(value as unknown[])] : (value as unknown[]).map(element);
    return new Proxy(list, {
      get(target, name, receiver) {
        if (typeof name === 'string' && !(name in target))
          throw new RangeError(`There is no element ${name}`);
        return Reflect.get(target, name, receiver);
      },
    });
  };
}

export class Model {
  private entries: Subject<unknown>[] = [];
  private outcome = new Outcome();
  private index = 0;
  private readonly wraps: readonly (Wrap | undefined)[];

  constructor(private readonly pipeline: RandomPipeline) {
    this.wraps = pipeline.stages.map(({ input }) => wrapOf({ kind: 'struct', struct: input }));
    this.restart();
  }

  restart(): void {
    this.entries = this.pipeline.stages.map(() => new Subject<unknown>());
    this.pipeline.stages.forEach(({ operators, plans }, k) => {
      let records: Observable<unknown> = this.entries[k] as Subject<unknown>;
      operators.forEach((operator, i) => {
        const plan = plans[i];
        const layouts = { out: plan?.output, state: plan?.state };
        const made = operator.make(models as unknown as typeof library, layouts);
        records = records.pipe(made as unknown as OperatorFunction<unknown, unknown>);
        const wrap = plan && wrapOf({ kind: 'struct', struct: plan.output as Struct });
        if (wrap !== undefined && i + 1 < operators.length) records = records.pipe(map(wrap));
      });
      records.subscribe({
        next: (what) => {
          this.outcome.emitted.push({ stage: k, index: this.index, what });
          this.enter(k + 1, what);
        },
        error: (what) => this.outcome.failures.push({ stage: k, index: this.index, what }),
      });
    });
  }

  private enter(stage: number, record: unknown): void {
    const wrap = this.wraps[stage];
    this.entries[stage]?.next(wrap === undefined ? record : wrap(record));
  }

  /** Runs records up to the first on which something fails, which is the last that the model can tell of. */
  run(records: readonly object[]): Outcome {
    this.outcome = new Outcome();
    for (const [i, record] of records.entries()) {
      this.index = i;
      this.enter(0, coerce(this.pipeline.input, record));
      if (this.outcome.failures.length > 0) break;
    }
    return this.outcome;
  }
}
