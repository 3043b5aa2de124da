// Who takes part: each is loaded only by the process that runs it
import type { Contestant } from './contestant.js';
import { pushContestant } from './contestant.js';

/** A contestant before it is loaded. */
export interface Entry {
  readonly label: string;
  /**
   * The part of a workload's records that it is given, since the slow would take minutes for all of them. Where the state
   * grows with the records this only helps them.
   */
  readonly share: number;
  load(): Promise<Contestant>;
}

/** The contestants that others are compared with. */
export const BASELINES = [
  'RxJS, own state',
  'RxJS, idiomatic',
  '@most/core',
  'plain loop',
  'worker, postMessage',
  'Piscina',
] as const;

/** The contestants that this project is about. */
export const OURS = [
  'roda, inline',
  'roda, inline, columns',
  'roda, worker',
  'roda, worker, columns',
  'roda, worker, columns, views',
] as const;

export function isOurs(label: string): boolean {
  return (OURS as readonly string[]).includes(label);
}

const TENTH = 0.1;

const baselines: Readonly<Record<(typeof BASELINES)[number], Omit<Entry, 'label'>>> = {
  'RxJS, own state': {
    share: 1,
    load: async () => pushContestant((await import('./rxjs-state.js')).rxjsState),
  },
  'RxJS, idiomatic': {
    share: TENTH,
    load: async () => pushContestant((await import('./rxjs-idiomatic.js')).rxjsIdiomatic),
  },
  '@most/core': { share: 1, load: async () => pushContestant((await import('./most.js')).mostCore) },
  'plain loop': { share: 1, load: async () => pushContestant((await import('./plain-loop.js')).plainLoop) },
  'worker, postMessage': {
    share: TENTH,
    load: async () => (await import('./batches/post-message.js')).postMessageWorker,
  },
  Piscina: { share: TENTH, load: async () => (await import('./batches/piscina.js')).piscinaPool },
};

export const entries: readonly Entry[] = [
  ...BASELINES.map((label) => ({ label, ...baselines[label] })),
  ...OURS.map((label) => ({
    label,
    share: 1,
    load: async () => (await import('./roda.js')).rodaContestant(label),
  })),
];

/** @throws {RangeError} If nobody has that label. */
export function findEntry(label: string): Entry {
  const found = entries.find((entry) => entry.label === label);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot run contestant ${label}: there are ${entries.map((entry) => entry.label).join(', ')}`,
  );
}
