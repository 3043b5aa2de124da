// A session: rounds of observations, one process after the other, the order rotated from round to round

import { fork } from 'node:child_process';
import type { Observation, Order } from './observation.js';

/** Somebody who is observed in each round. */
export interface Lane {
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

/**
 * Observes every lane `rounds` times. A round starts one lane later than the round before, so that nobody always runs
 * on a machine that its neighbour has just heated.
 *
 * @throws {Error} If a process fails, gives a wrong result, or does not end in time.
 */
export async function runSession(
  lanes: readonly Lane[],
  rounds: number,
  progress: (round: number, label: string) => void,
): Promise<LaneObservations[]> {
  const observations = lanes.map((): Observation[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < lanes.length; turn++) {
      const at = (round + turn) % lanes.length;
      const lane = lanes[at]!;
      progress(round, lane.label);
      observations[at]!.push(await observeInProcess(lane));
    }
  }
  return lanes.map(({ label }, at) => ({ label, observations: observations[at]! }));
}

function observeInProcess({ label, program, order }: Lane): Promise<Observation> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [JSON.stringify(order)], { execArgv: ['--expose-gc'] });
    let observation: Observation | undefined;
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Cannot observe ${label}: its process took more than ${OBSERVATION_TIMEOUT_MS} ms`));
    }, OBSERVATION_TIMEOUT_MS);
    child.on('message', (message) => {
      observation = message as Observation;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 && observation !== undefined) resolve(observation);
      else reject(new Error(`Cannot observe ${label}: its process ended with ${code ?? signal}`));
    });
  });
}
