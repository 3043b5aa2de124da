// Ending a group in the place of a host that doesn't run it, or no longer does.
import { EndKind, JournalWriter, leaveInPlace } from '../journal/index.js';
import { encodeFailure, type Failure } from '../runtime/failure.js';
import { GroupFlag } from '../runtime/plan.js';
import type { PlacedGroup } from './graph.js';

/** Ends the journals of a group with an error, and leaves its input, as far as its host has not done so. */
export function failGroup(
  { plan, graph, host, input, stages }: PlacedGroup,
  failure: Omit<Failure, 'stage'>,
): void {
  const { cells, i32 } = graph.engine.memory;
  const stage = stages[0]?.name ?? '';
  for (const { outlet } of stages) {
    if (outlet.end !== EndKind.OPEN) continue;
    new JournalWriter(outlet.journal).end(EndKind.ERROR, encodeFailure({ ...failure, stage }));
  }
  leaveInPlace(input.journal, plan.reader, host.bell);
  cells.store(i32, plan.flag, GroupFlag.REMOVED);
  graph.engine.activate(graph);
}
