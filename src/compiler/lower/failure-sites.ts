// The places of a module where a step may fail, numbered, and how a step is left there.
import type { FailureSite } from '../wasm-program.js';
import { type Expression, type Global, i32 } from './ir.js';
import type { Lowering } from './lowering.js';

/** What happens at a place. */
export type FailureWhat = Pick<FailureSite, 'kind' | 'errorClass' | 'message'>;

export class FailureSites {
  readonly sites: FailureSite[] = [];
  /** The number of the place, and its details: set where a step fails, read where its stage is left. */
  readonly site = variable('i32', 'failure');
  readonly details = [variable('f64', 'failureA'), variable('f64', 'failureB')] as const;

  /** Adds what leaves the step with a failure. */
  leave(low: Lowering, what: FailureWhat, details: readonly Expression[]): void {
    const { builder, step } = low;
    if (step === undefined) throw new Error('not within a step');
    const site: FailureSite = { stage: step.stage, operator: step.operator, ...what, at: placeOf(low) };
    builder.add({ op: 'set', to: this.site, value: i32(this.number(site)) });
    details.forEach((value, i) => {
      const to = this.details[i];
      if (to !== undefined) builder.add({ op: 'set', to, value });
    });
    step.leave(builder);
  }

  private number(site: FailureSite): number {
    const text = JSON.stringify(site);
    const known = this.sites.findIndex((other) => JSON.stringify(other) === text);
    return known >= 0 ? known : this.sites.push(site) - 1;
  }
}

function variable(type: 'i32' | 'f64', name: string): Global {
  return { kind: 'global', type, name, mutable: true, initial: 0 };
}

/** The function and the place in it: `compare of delta (1:24)`. */
function placeOf({ source, node }: Lowering): string {
  if (source === undefined) return '';
  const name = `${source.name} of ${source.operator}`;
  if (node === undefined) return name;
  const before = source.text.slice(0, node.start).split('\n');
  return `${name} (${before.length}:${(before.at(-1)?.length ?? 0) + 1})`;
}
