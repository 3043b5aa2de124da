// What comes to a source after its end, or in the middle of a record: it is ignored and counted, never half taken.
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { map } from '../../operators/index.js';
import { collect, leavingNothing, PLACEMENTS, Reading, reading, rejection, settles } from './kit.js';

const same = () => map((r: { value: number }) => ({ value: r.value }));
const columns = (n: number) => ({ id: new Uint32Array(n), value: new Float64Array(n) });

describe.each(PLACEMENTS)('a source placed %s that has ended', (placement) => {
  it.each(['complete', 'error'] as const)('by %s ignores and counts every way of writing', (how) =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const { values, end } = collect(readings.stage(same()));
      const writer = readings.writer();
      readings.next(reading(1, 1));
      if (how === 'complete') readings.complete();
      else readings.error(new Error('over'));
      readings.next(reading(1, 2));
      expect(readings.tryNext(reading(1, 3))).toBe(true);
      readings.nextMany([reading(1, 4), reading(1, 5)]);
      readings.nextMany(columns(10));
      expect(writer.claim()).toBeUndefined();
      writer.publish();
      readings.flush();
      readings.complete();
      readings.error(new Error('again'));
      await settles(readings.ready());
      const error = await settles(end);
      if (how === 'complete') expect(error).toBeUndefined();
      else expect(error).toMatchObject({ message: 'over' });
      expect(values).toEqual([{ value: 1 }]);
      expect(engine.stats().sources).toMatchObject([
        { ignored: 15, recordsIn: 1, state: how === 'complete' ? 'complete' : 'error' },
      ]);
    }),
  );

  it('stops consuming, and lets what feeds it by subscribe go on', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      readings.stage(same());
      const subject = new Subject<ReturnType<typeof reading>>();
      subject.subscribe(readings);
      let asked = 0;
      async function* endless() {
        for (;;) {
          yield reading(1, asked++);
          if (asked === 20) readings.complete();
        }
      }
      expect(await settles(readings.consume(endless()))).toBe(20);
      subject.next(reading(1, 1));
      expect(asked).toBeLessThanOrEqual(21);
      // The record that it had asked for when the end came, and the Subject's.
      expect(engine.stats().sources).toMatchObject([{ ignored: asked - 20 + 1, recordsIn: 20 }]);
    }));

  it('is the end of an aborted pipeline too: nothing is written into memory that is free', () =>
    leavingNothing({ placement }, async (engine) => {
      const abort = new AbortController();
      const doomed = engine.source(Reading);
      const stage = doomed.stage({ signal: abort.signal }, same());
      const writer = doomed.writer();
      // Not published yet when the pipeline goes.
      doomed.next(reading(1, 1));
      doomed.next(reading(1, 2));
      const record = writer.claim() as { id: number; value: number };
      record.value = 3;
      abort.abort(new Error('enough'));
      await settles(engine.idle());
      // Takes the memory of the one that was aborted.
      const readings = engine.source(Reading);
      const { values, end } = collect(readings.stage(same()));
      doomed.flush();
      writer.publish();
      doomed.next(reading(1, 4));
      doomed.complete();
      expect(() => {
        record.value = 5;
      }).toThrowError(expect.objectContaining({ code: 'VIEW_EXPIRED' }));
      expect(() => stage.reader()).toThrowError('enough');
      expect(await rejection(stage.receive())).toMatchObject({ message: 'enough' });
      expect(() => stage.stage(same())).toThrowError(expect.objectContaining({ code: 'GRAPH_REMOVED' }));
      expect(await settles(collect(stage).end)).toMatchObject({ message: 'enough' });
      for (let i = 0; i < 1_000; i++) readings.next(reading(1, i));
      readings.complete();
      expect(await settles(end)).toBeUndefined();
      expect(values).toEqual(Array.from({ length: 1_000 }, (_, i) => ({ value: i })));
    }));
});

describe.each(PLACEMENTS)('a record that is being written in place, in a source placed %s', (placement) => {
  it('is published by nobody but its writer', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading, { capacity: 4 });
      const { values, end } = collect(readings.stage(same()));
      const writer = readings.writer();
      readings.next(reading(1, 1));
      const record = writer.claim() as { value: number };
      record.value = -1;
      readings.flush();
      engine.flush();
      // The flush that the record before it has scheduled.
      await Promise.resolve();
      await settles(engine.idle());
      expect(values).toEqual([{ value: 1 }]);
      expect(engine.stats().sources[0]?.recordsIn).toBe(1);
      expect(writer.claim()).toBe(record);
      record.value = 2;
      writer.publish();
      await settles(engine.idle());
      expect(values).toEqual([{ value: 1 }, { value: 2 }]);
      for (let i = 3; i < 20; i++) {
        (writer.claim() as { value: number }).value = i;
        writer.publish();
      }
      readings.complete();
      await settles(end);
      expect(values.map((r) => r.value)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
    }));

  it('is set aside for what is taken before it is published, and keeps what has been written', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading, { capacity: 8 });
      const { values } = collect(readings.stage(same()));
      const [first, second] = [readings.writer(), readings.writer()];
      const record = first.claim() as { value: number };
      record.value = 70;
      readings.next(reading(1, 1));
      expect(readings.tryNext(reading(1, 2))).toBe(true);
      const other = second.claim() as { value: number };
      readings.nextMany([reading(1, 3)]);
      readings.nextMany(columns(2));
      record.value += 7;
      first.publish();
      other.value = 88;
      await settles(engine.idle());
      second.publish();
      await settles(engine.idle());
      expect(values.map((r) => r.value)).toEqual([1, 2, 3, 0, 0, 77, 88]);
    }));

  it('is given up at the end of the source', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const { values, end } = collect(readings.stage(same()));
      const writer = readings.writer();
      readings.next(reading(1, 1));
      const record = writer.claim() as { value: number };
      record.value = 2;
      readings.complete();
      writer.publish();
      expect(await settles(end)).toBeUndefined();
      expect(values).toEqual([{ value: 1 }]);
      expect(() => record.value).toThrowError(expect.objectContaining({ code: 'VIEW_EXPIRED' }));
      expect(writer.claim()).toBeUndefined();
    }));
});
