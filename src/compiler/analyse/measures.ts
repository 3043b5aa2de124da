// What functions and steps see of something to measure with: operations that take numbers and give nothing.
import type { Measure } from '../../journal/index.js';
import { functionOf, type Namespace, NIL, namespaceOf, type Value } from './value.js';

/** The operations of each kind. */
export const MEASURE_MEMBERS = {
  histogram: ['record'],
  latency: ['begin', 'pause', 'resume', 'end'],
  progress: ['pass'],
} as const satisfies Record<Measure['kind'], readonly string[]>;

export function measureValue(name: string, { kind }: Measure): Value {
  const members: readonly string[] = MEASURE_MEMBERS[kind];
  const namespace: Namespace = {
    name,
    members,
    get: (member) =>
      members.includes(member) ? functionOf({ kind: 'known', name: member, call: () => NIL }) : undefined,
  };
  return namespaceOf(namespace);
}
