// Round trips through stages: to a pull reader that looks again and again, or to a subscriber
import {
  createEngine,
  f64,
  i32,
  type Placement,
  type Source,
  type Stage,
  struct,
  u53,
  type WaitStrategy,
} from 'roda-rx';
import { map } from 'roda-rx/operators';
import type { IdleTrip, SpunTrip } from './trips.js';

const Ping = struct({ id: i32, hops: f64, ts: u53 }, 'Ping');

interface PingRecord {
  id: number;
  hops: number;
  ts: number;
}

export interface Through {
  readonly wait: WaitStrategy;
  /** Where the stages run that the trip goes through, one after the other. */
  readonly stages: readonly Placement[];
}

function open({ wait, stages }: Through) {
  const engine = createEngine({ wait });
  const pings = engine.source(Ping);
  let last: Source<PingRecord> | Stage<PingRecord> = pings;
  for (const placement of stages) {
    last = last.stage(
      { placement },
      map((ping) => ({ id: ping.id, hops: ping.hops + 1, ts: ping.ts })),
    );
  }
  const check = (answer: PingRecord, id: number): void => {
    if (answer.id !== id || answer.hops !== stages.length) {
      throw new Error(
        `Wrong answer to ping ${id} through ${stages.length} stages: ${JSON.stringify(answer)}`,
      );
    }
  };
  return { engine, pings, last, check };
}

export function rodaSpun(through: Through): SpunTrip {
  const { engine, pings, last, check } = open(through);
  const answers = last.reader();
  return {
    go(id) {
      pings.next({ id, hops: 0, ts: 0 });
      pings.flush();
      let answer = answers.tryReceive();
      while (answer === undefined) answer = answers.tryReceive();
      check(answer, id);
    },
    close: () => engine.close(),
  };
}

export function rodaIdle(through: Through): IdleTrip {
  const { engine, pings, last, check } = open(through);
  let awaited = 0;
  let resume: () => void = () => {};
  last.subscribe((answer) => {
    resume();
    check(answer, awaited);
  });
  return {
    go(id, back) {
      awaited = id;
      resume = back;
      pings.next({ id, hops: 0, ts: 0 });
    },
    close: () => engine.close(),
  };
}
