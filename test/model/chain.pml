/* Back-pressure through a chain: source, stage and sink in threads of their own, journals of one slot between them.
 *
 * The stage emits two records for each of its own, so it waits for room in the middle of a batch; its one bell is rung
 * for records and for room. Checked: nobody sleeps for ever, all records arrive in order, the end arrives after them;
 * whoever sees that the stage has passed a record also sees all that came of it: idle() rests on that.
 *
 * Broken, besides those of bells.pml: ADVANCE_BEFORE_PUBLISH, FULL_UNPUBLISHED, WRITER_BELL_UNSET.
 */
#define RECORDS 2
#define EMITTED 2
#define BELLS 3
#define SOURCES 0
#define STAGES 1
#define SINKS 2
#include "bells.pml"

/* Two journals of one slot: from the source to the stage, and on to the sink. Readers: the stage, the sink. */
byte published[2];
byte position[2];
bit ended[2];
bit writerBell[2];
byte slot[2];

/* src/journal/writer.ts look() */
inline look(journal) {
  ready = (next - position[journal] == 0)
}

/* src/journal/writer.ts publish() and wake() */
inline publish(journal) {
  if
  :: published[journal] < next -> published[journal] = next; ring(STAGES + journal)
  :: else
  fi
}

/* src/runtime/worker-loop.ts waitForRoom() and src/engine/back-pressure.ts waitForRoom() */
inline waitForRoom(journal, own) {
  do
  :: look(journal);
     if
     :: ready -> break
     :: else ->
#ifndef WRITER_BELL_UNSET
        writerBell[journal] = 1;
#endif
        sleepUntilRung(own, look(journal));
        writerBell[journal] = 0
     fi
  od
}

/* src/runtime/running-stage.ts write() and src/engine/source-node.ts claimWaiting(): what is claimed is published before
 * the thread waits, since its readers could not make room otherwise. */
inline write(journal, own, record) {
  look(journal);
  if
  :: !ready ->
#ifndef FULL_UNPUBLISHED
     publish(journal);
#endif
     waitForRoom(journal, own)
  :: else
  fi;
  slot[journal] = record;
  next++
}

/* src/journal/writer.ts end(), after all has been published. */
inline end(journal) {
  ended[journal] = 1;
  ring(STAGES + journal)
}

/* src/journal/reader.ts advance() */
inline advance(journal) {
  position[journal] = position[journal] + 1;
  if
  :: writerBell[journal] -> ring(SOURCES + journal)
  :: else
  fi
}

/* src/runtime/group.ts isReady(), src/engine/egress.ts isQuiet() */
inline isReady(journal) {
  ready = (published[journal] > position[journal]);
  if
  :: !ready -> ready = ended[journal]
  :: else
  fi
}

/* src/engine/source-node.ts next(), which publishes now or later, and complete() */
active proctype Source() {
  byte next;
  bit ready;
  do
  :: next < RECORDS ->
     write(0, SOURCES, next);
     if
     :: true -> publish(0)
     :: true
     fi
  :: else -> break
  od;
  publish(0);
  end(0)
}

active proctype Stage() {
  byte next, record, emitted;
  bit ready, isEnd;
  do
  :: /* src/runtime/group.ts turn() */
     isEnd = ended[0];
     if
     :: published[0] > position[0] ->
        record = slot[0];
#ifdef ADVANCE_BEFORE_PUBLISH
        advance(0);
#endif
        emitted = 0;
        do
        :: emitted < EMITTED ->
           write(1, STAGES, record * EMITTED + emitted);
           emitted++
        :: else -> break
        od;
        publish(1);
        assert(slot[0] == record);
#ifndef ADVANCE_BEFORE_PUBLISH
        advance(0)
#endif
     :: published[0] == position[0] && isEnd -> break
     :: else ->
        /* src/runtime/worker-loop.ts run() */
        sleepUntilRung(STAGES, isReady(0))
     fi
  od;
  assert(next == RECORDS * EMITTED);
  end(1)
}

active proctype Sink() {
  bit ready, isEnd;
  do
  :: /* src/engine/egress.ts drain() */
     isEnd = ended[1];
     if
     :: published[1] > position[1] ->
        assert(slot[1] == position[1]);
        advance(1)
     :: published[1] == position[1] && isEnd -> break
     :: else ->
        /* src/engine/pump.ts sleep() */
        sleepUntilRung(SINKS, isReady(1))
     fi
  od;
  assert(position[1] == RECORDS * EMITTED)
}

/* src/engine/graph.ts hasPassed(), src/journal/journal.ts readerPosition() and publishedSequence() */
active proctype Idle() {
  atomic { position[0] == RECORDS -> assert(published[1] == RECORDS * EMITTED) }
}
