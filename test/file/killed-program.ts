// A process to be killed: appends to a journal in files, and says what it was told is durable. Arguments: folder, seed.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { createEngine, f64, type SyncPolicy, struct, text, u53 } from 'roda-rx';
import { map } from 'roda-rx/operators';

const [folder = '', seedText = '1'] = process.argv.slice(2);
let state = Number(seedText) >>> 0;
const chance = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 4_294_967_296;
};
/** Written at once: nothing is left in a buffer when the process is killed. */
const say = (line: string) => writeSync(1, `${line}\n`);

const Numbered = struct({ n: u53, check: f64, name: text }, 'Numbered');
const policies: readonly SyncPolicy[] = ['batch', { everyMs: 1 }, { everyMs: 20 }, 'never'];
const sync = policies[Math.floor(chance() * policies.length)] as SyncPolicy;
const viaStage = chance() < 0.5;

const engine = createEngine();
const numbers = engine.source(Numbered, { capacity: 1_024 });
const kept = viaStage ? numbers.stage(map((r) => ({ n: r.n, check: r.check, name: r.name }))) : numbers;
const trail = await kept.persist(folder, { sync, segmentBytes: 40_000, retention: { bytes: 400_000 } });
say(`opened ${trail.next}`);
for (let n = trail.next; ; ) {
  const burst = 1 + Math.floor(chance() ** 3 * 3_000);
  for (let i = 0; i < burst; i++, n++) numbers.next({ n, check: n * 3 + 1, name: `name ${n % 97}` });
  const mood = chance();
  if (mood < 0.4) {
    await engine.idle();
    await trail.durable();
  } else await new Promise((resolve) => setTimeout(resolve, mood * 5));
  say(`durable ${trail.durableNext}`);
  // It goes on for long, but not for ever if nobody kills it.
  if (performance.now() > 20_000) break;
}
