// Start-up: how long until the first result of a pipeline, beside a bare worker and the parser
import type { Benchmark } from '../../harness/benchmark.js';

const BARE = 'bare worker and parser';
const RODA = 'first alert';
const RODA_JS = 'first alert, backend js';
const BESIDE = `ms more than ${BARE}`;
/** Processes in each lane; every one is a sample. */
const ROUNDS = 21;

export const startUp: Benchmark = {
  name: 'start-up',
  title: 'Start-up',
  about: `A fresh process for each sample: from \`createEngine\` to the first alert of the two stages of \`sensor\` in a worker, beside the
start of a bare worker, up to its first message, and loading the parser after that. The time to load modules before
\`createEngine\` (the parser is among them) is told separately.`,
  rounds: ROUNDS,
  figures: [
    { key: 'until the first result, ms', title: 'ms', digits: 1, of: ({ ms }) => ms! },
    { key: 'loading modules, ms', title: 'loading, ms', digits: 1, of: ({ loadingMs }) => loadingMs! },
  ],
  comparisons: [
    {
      title: BESIDE,
      by: 'difference',
      digits: 1,
      baselineOf: (label) => (label === BARE ? undefined : BARE),
    },
  ],
  goals: [{ lane: RODA, of: BESIDE, must: 'at most', bound: 25 }],
  ours: [RODA, RODA_JS],
  chart: { kind: 'bars', axis: 'milliseconds', figure: 'until the first result, ms' },

  lanes: () => [BARE, RODA, RODA_JS].map((label) => ({ label, task: label })),

  async observe(task) {
    if (task === BARE) return (await import('./bare.js')).startBare();
    return (await import('./roda.js')).startRoda(task === RODA_JS ? 'js' : 'auto');
  },
};
