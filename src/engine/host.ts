// A host: a thread that runs groups. Workers and the engine's own thread are hosts.
import type { StateAnswer, StateQuery } from '../runtime/state-query.js';
import type { PlacedGroup } from './graph.js';

export interface Host {
  /** For `explain()` and messages. */
  readonly name: string;
  /** Cell index of the bell of its thread. */
  readonly bell: number;
  /** Whether its thread has ended, so that nothing is processed any more. */
  readonly isGone: boolean;
  /** Takes a group, once its graph is sealed. */
  install(group: PlacedGroup): void;
  /** Answers a question about the state of a stage that it runs. */
  query(query: StateQuery): StateAnswer | Promise<StateAnswer>;
  /** Makes it look at its groups. */
  wake(): void;
}
