/* Sleeping and waking, in both directions: readers wait for records, the writer waits for room.
 *
 * Records are only counted here; ring.pml has what is in them. Checked: nobody sleeps for ever (an invalid end state),
 * nothing goes round without progress, all records are read before the end is taken for the end.
 *
 * Broken, besides those of bells.pml: WAKE_BEFORE_STORE, WAKE_BEFORE_ADVANCE, WRITER_BELL_SET_LATE, END_WITHOUT_WAKE.
 */
#define CAPACITY 1
#define READERS 2
#define RECORDS 4
/* The bells of the readers' threads, then that of the writer's. */
#define BELLS (READERS + 1)
#define WRITERS READERS
#include "bells.pml"

byte published;
byte position[READERS];
bit ended;
/* Whether the journal names the writer's bell. */
bit writerBell;

/* src/journal/writer.ts look(): one position after the other; `ready` is whether there is room. */
inline look() {
  r = 0;
  slowest = next;
  do
  :: r < READERS ->
     d_step {
       if
       :: position[r] < slowest -> slowest = position[r]
       :: else
       fi;
       r++
     }
  :: else -> break
  od;
  room = CAPACITY - (next - slowest);
  ready = (room > 0)
}

/* src/journal/writer.ts wake() */
inline wake() {
  r = 0;
  do
  :: r < READERS -> ring(r); r++
  :: else -> break
  od
}

/* src/journal/writer.ts publish() */
inline publish() {
  if
  :: published < next ->
#ifdef WAKE_BEFORE_STORE
     wake();
     published = next
#else
     published = next;
     wake()
#endif
  :: else
  fi
}

/* src/runtime/worker-loop.ts waitForRoom() and src/engine/back-pressure.ts waitForRoom(): names the bell first, by
 * src/journal/writer.ts setBell(). */
inline waitForRoom() {
  do
  :: look();
     if
     :: ready -> break
     :: else ->
#ifdef WRITER_BELL_SET_LATE
        sleepUntilRung(WRITERS, look(); writerBell = 1);
#else
        writerBell = 1;
        sleepUntilRung(WRITERS, look());
#endif
        writerBell = 0
     fi
  od
}

active proctype Writer() {
  byte next, room, slowest, r;
  bit ready;
  do
  :: next < RECORDS ->
     if
     :: room == 0 -> publish(); waitForRoom()
     :: else
     fi;
progress:
     /* src/journal/writer.ts claim() */
     room--;
     next++;
     if
     :: true -> publish()
     :: true
     fi
  :: else -> break
  od;
  /* src/journal/writer.ts end() */
  publish();
  ended = 1;
#ifndef END_WITHOUT_WAKE
  wake()
#endif
}

/* src/runtime/group.ts isReady() */
inline isReady() {
  ready = (published > position[me]);
  if
  :: !ready -> ready = ended
  :: else
  fi
}

/* src/journal/reader.ts advance() */
inline advance(count) {
#ifndef WAKE_BEFORE_ADVANCE
  position[me] = position[me] + count;
#endif
  if
  :: writerBell -> ring(WRITERS)
  :: else
  fi;
#ifdef WAKE_BEFORE_ADVANCE
  position[me] = position[me] + count
#endif
}

/* A thread whose loop takes what there is, and sleeps when there is nothing. */
active [READERS] proctype Reader() {
  byte me = _pid - 1, available;
  bit end, ready;
  do
  :: /* src/runtime/group.ts turn(): the end is loaded before the records. */
     end = ended;
     /* src/journal/reader.ts available() */
     available = published - position[me];
     if
     :: available > 0 ->
        do
        :: available > 1 -> available--
        :: break
        od;
progress:
        advance(available);
        available = 0
     :: available == 0 && end -> break
     :: else ->
        /* src/runtime/worker-loop.ts run() */
        sleepUntilRung(me, isReady())
     fi
  od;
  assert(position[me] == RECORDS)
}
