// What a process does with an engine before it has nothing more to do; which is its argument. It tells when it is over.
import process from 'node:process';
import { createEngine, f64, fused, struct } from 'roda-rx';
import { map } from 'roda-rx/operators';
import { concat, NEVER, of } from 'rxjs';

const engine = createEngine();
const readings = engine.source(struct({ v: f64 }));
const stage = readings.stage(map((r) => ({ w: r.v })));

const uses: Readonly<Record<string, () => void>> = {
  'much to deliver': () => {
    let n = 0;
    stage.subscribe(() => {
      n++;
    });
    for (let i = 0; i < 100_000; i++) readings.next({ v: i });
    process.on('exit', () => console.log(n));
  },
  'a pull reader that nobody reads': () => {
    stage.reader();
    readings.next({ v: 1 });
  },
  'a subscriber of a source that never ends': () => {
    stage.subscribe();
    readings.next({ v: 1 });
  },
  'a failed stage that nobody was told of': () => {
    readings.stage(
      map((r) => {
        if (r.v === 1) throw new Error('one');
        return { w: r.v };
      }),
    );
    readings.next({ v: 1 });
  },
  'a worker that spins': () => {
    const other = createEngine({ wait: 'spin' }).source(struct({ v: f64 }));
    other.stage(map((r) => ({ w: r.v })));
    other.next({ v: 1 });
  },
  'an inline engine': () => {
    const other = createEngine({ placement: 'inline' }).source(struct({ v: f64 }));
    other.stage(map((r) => ({ w: r.v }))).subscribe();
    other.next({ v: 1 });
  },
  'a fused() whose input never ends': () => {
    concat(of({ v: 1 }), NEVER)
      .pipe(
        fused(
          struct({ v: f64 }),
          map((r) => ({ w: r.v })),
        ),
      )
      .subscribe();
  },
};

const use = uses[process.argv[2] ?? ''];
if (use === undefined) throw new Error(`there is no use ${process.argv[2]}`);
use();
process.on('exit', () => console.log('over'));
