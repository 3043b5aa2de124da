// A session: rounds of observations, one process after the other, the order rotated from round to round
import { fork } from 'node:child_process';
import type { Observation } from './benchmark.js';

/** What a process is told to observe. */
export interface Order {
  readonly benchmark: string;
  /** A lane's task, as its benchmark understands it. */
  readonly task: unknown;
}

/** A lane, and who observes it. */
export interface Entrant {
  readonly label: string;
  /** The program whose processes observe it: `observe.js` of this checkout, or of another one. */
  readonly program: string;
  readonly order: Order;
}

/** The observations of a lane, one for each round. */
export interface LaneObservations {
  readonly label: string;
  readonly observations: readonly Observation[];
}

/** How long a process may take, in milliseconds. */
const OBSERVATION_TIMEOUT_MS = 180_000;
/** Of what a process said before it failed, the end is told. */
const MAX_ERROR_CHARACTERS = 4_000;

/**
 * Observes everybody `rounds` times. A round starts one lane later than the round before, so that nobody always runs
 * on a machine that its neighbour has just heated.
 *
 * @throws {Error} If a process fails, gives a wrong result, or does not end in time.
 */
export async function runSession(
  entrants: readonly Entrant[],
  rounds: number,
  progress: (round: number, label: string) => void,
): Promise<LaneObservations[]> {
  const observations = entrants.map((): Observation[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entrants.length; turn++) {
      const at = (round + turn) % entrants.length;
      const entrant = entrants[at]!;
      progress(round, entrant.label);
      observations[at]!.push(await observeInProcess(entrant));
    }
  }
  return entrants.map(({ label }, at) => ({ label, observations: observations[at]! }));
}

/** One observation, in a process of its own. */
export function observeInProcess({ label, program, order }: Entrant): Promise<Observation> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [JSON.stringify(order)], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let observation: Observation | undefined;
    let said = '';
    const fail = (why: string) => reject(new Error(`Cannot observe ${label}: its process ${why}${said}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`took more than ${OBSERVATION_TIMEOUT_MS} ms`);
    }, OBSERVATION_TIMEOUT_MS);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said || '\n'}${text}`.slice(-MAX_ERROR_CHARACTERS);
    });
    child.on('message', (message) => {
      observation = message as Observation;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 && observation !== undefined) resolve(observation);
      else fail(`ended with ${code ?? signal}`);
    });
  });
}
