/* A source that is given to a worker: the engine's thread writes its journal first, then the worker, until its loop ends or its
 * thread dies, at any step, and then the engine's thread again, to end it.
 *
 * A stage in another worker reads from the first record on. A subscriber comes once the source was given; who comes is placed even if
 * the loop sleeps. The loop is asked to stop; with REMOVED, the pipeline is taken down, and its memory given back, with UNASKED neither
 * happens. Checked: there is one writer at a time, also of the end; nothing is lost between them; nobody touches memory that
 * was given back; the source ends, once, behind all that was published, however its loop does; nobody sleeps for ever, but for a
 * loop that has nothing to write and who waits for that.
 *
 * Broken: GIVEN_UNPUBLISHED, ENDED_WHILE_WRITTEN, ENDED_AGAIN, FREED_WHILE_FED, JOINED_UNRUNG, JOINED_UNSEEN,
 * STOPPED_UNRUNG, DEATH_UNNOTICED.
 */
#define CAPACITY 1
#define OWN 1
#define RECORDS 2
#define BELLS 1
#define WORKERS 0
#include "bells.pml"

#if defined(JOINED_UNRUNG) || defined(JOINED_UNSEEN)
#define UNASKED
#endif
#ifdef FREED_WHILE_FED
#define REMOVED
#endif

mtype = { FREE, JOINING, GATING };
mtype = { OPEN, COMPLETE, ERROR };

byte published;
byte slot[CAPACITY];
mtype ended = OPEN;
bit writerBell;
byte version;
/* The line of the stage, which is placed from the first record on. */
byte position;
bit staged = 1;
/* The line of the subscriber. */
mtype state = FREE;
byte place;

/* What has been posted to the worker, and what it has posted; its thread's end. */
bit given;
bit mail;
bit loopEnded;
bit died;
bit gone;
/* Whether the pipeline was taken down, and its memory given back. */
bit removed;
bit freed;

/* Who writes, the records that were taken, and what was published when the subscriber came; only for assertions. */
byte holders;
bit holds;
byte taken;
byte before;
bit came;

/* src/journal/writer.ts meetReaders() and look(), in one step: join.pml has what may come between. */
inline look() {
  d_step {
    assert(!freed);
    if
    :: version != seen ->
       seen = version;
       if
       :: state == JOINING -> place = next; state = GATING
       :: else
       fi;
       gates = (state == GATING);
       stages = staged
    :: else
    fi;
    room = CAPACITY;
    if
    :: stages && CAPACITY - (next - position) < room -> room = CAPACITY - (next - position)
    :: else
    fi;
    if
    :: gates && CAPACITY - (next - place) < room -> room = CAPACITY - (next - place)
    :: else
    fi
  }
}

/* src/journal/writer.ts wake(): readers are always awake here, the bells of those that are not are in bell.pml. */
inline wake() {
  if
  :: version != seen -> look()
  :: else
  fi
}

/* src/journal/writer.ts publish() */
inline publish() {
  if
  :: published < next -> d_step { assert(!freed && ended == OPEN); published = next }; wake()
  :: else
  fi
}

/* src/journal/writer.ts claim() */
inline claim() {
  d_step { assert(!freed); slot[next % CAPACITY] = taken; taken++; next++; room-- }
}

/* src/journal/writer.ts end() */
inline endJournal(kind) {
  d_step {
#ifndef ENDED_AGAIN
    assert(ended == OPEN);
#else
    assert(ended == OPEN || ended == kind);
#endif
    ended = kind
  };
  wake()
}

/* src/journal/writer.ts constructor() */
inline open() {
  d_step { next = published; seen = 255; room = 0; gates = 0; stages = 0; holders++; assert(holders == 1) }
}

/* The engine's thread writes no more: src/engine/source-node.ts next() refuses. */
inline shut() {
  holders--;
  next = 0;
  room = 0;
  seen = 0;
  gates = 0;
  stages = 0
}

/* src/engine/source-node.ts give() */
inline give() {
#ifndef GIVEN_UNPUBLISHED
  publish();
#endif
  d_step { shut(); given = 1 }
}

/* src/engine/worker-host.ts stop() and announce(); src/engine/feed.ts endWith() and stop() */
inline stop() {
#ifdef ENDED_WHILE_WRITTEN
  if
  :: ended == OPEN -> open(); endJournal(COMPLETE); d_step { shut() }
  :: else
  fi;
#endif
  mail = 1;
#ifndef STOPPED_UNRUNG
  ring(WORKERS)
#endif
}

/* src/engine/feed.ts meetReaders() */
inline meetReaders() {
  if
  :: over -> open(); look(); d_step { shut() }
  :: else ->
#ifndef JOINED_UNRUNG
     ring(WORKERS)
#else
     skip
#endif
  fi
}

/* src/engine/outlet.ts joinJournal(), and src/journal/journal.ts joinReader() */
inline join() {
  atomic { state = JOINING; before = published };
  version++;
  meetReaders();
  came = 1
}

/* src/engine/feed.ts end() */
inline endFeed() {
  over = 1;
  if
  :: removed
  :: else ->
#ifdef ENDED_AGAIN
     open();
     endJournal(COMPLETE);
     d_step { shut() }
#else
     if
     :: ended == OPEN ->
        open();
        if
        :: gone -> endJournal(ERROR)
        :: else -> endJournal(COMPLETE)
        fi;
        d_step { shut() }
     :: else
     fi
#endif
  fi
}

active proctype Engine() {
  byte next, room, seen = 255;
  bit gates, stages, over;
#ifndef UNASKED
  bit asked;
#endif
  holders++;
  do
  :: next < OWN ->
     /* src/engine/source-node.ts next() */
     claim();
     if
     :: true -> publish()
     :: true
     fi
  :: break
  od;
  give();
  do
#ifdef REMOVED
  :: !removed ->
     /* src/engine/graph.ts dispose() */
     removed = 1;
     stop()
  :: removed && !freed && !staged &&
#ifdef FREED_WHILE_FED
     true ->
#else
     over ->
#endif
     /* src/engine/graph.ts free() and isUnused() */
     freed = 1
  :: over && freed -> break
#elif !defined(UNASKED)
  :: !asked -> asked = 1; stop()
#endif
  :: !came && !removed -> join()
  :: (loopEnded || gone) && !over -> endFeed()
#ifndef REMOVED
  :: over && came -> break
#endif
#ifdef UNASKED
  :: !loopEnded && !gone && came ->
     /* The loop sleeps until it has something to write, for ever perhaps. */
endQuiet: (loopEnded || gone)
#endif
  od
}

/* src/runtime/custom-loop.ts sleep(): with UNASKED for ever, perhaps. */
inline sleepInLoop() {
  bell[WORKERS] = ASLEEP;
  /* src/journal/by-hand/writer.ts hasNewReaders() and src/journal/writer.ts hasNewReaders() */
#ifdef JOINED_UNSEEN
  ready = mail;
#else
  ready = (mail || version != seen);
#endif
  if
  :: ready
  :: else ->
     atomic {
       if
       :: bell[WORKERS] == ASLEEP -> blocked[WORKERS] = 1
       :: else
       fi
     };
#ifdef UNASKED
endAsleep:
#endif
     !blocked[WORKERS]
  fi;
  d_step { bell[WORKERS] = AWAKE; ready = 0 }
}

active proctype Loop() {
  byte next, room, seen;
  bit gates, stages, ready, threw;
  {
    given;
    /* src/journal/by-hand/writer.ts constructor() */
    d_step { open(); holds = 1 };
    look();
    do
    :: next < RECORDS ->
       /* src/journal/by-hand/writer.ts tryWrite() and slot() */
       if
       :: room == 0 -> look()
       :: else
       fi;
       if
       :: room == 0 ->
          publish();
          /* src/journal/by-hand/writer.ts waitForRoom() and src/journal/by-hand/block.ts block() */
          writerBell = 1;
          sleepUntilRung(WORKERS, look(); ready = (room > 0 || mail));
          d_step { writerBell = 0; ready = 0 };
          if
          :: mail -> break
          :: else
          fi
       :: else ->
          claim();
          if
          :: true -> publish()
          :: true
          fi
       fi
    :: /* src/runtime/custom-loop.ts next() */
       publish();
       if
       :: mail -> break
       :: else
       fi;
       sleepInLoop();
       look();
       if
       :: mail -> break
       :: else
       fi
    :: break
    :: threw = 1; break
    od;
    /* src/runtime/custom-loop.ts run() and src/journal/by-hand/writer.ts finish() */
    publish();
    if
    :: threw -> endJournal(ERROR)
    :: else
    fi;
    look();
    d_step { holders--; holds = 0 };
    loopEnded = 1
  }
  unless { died };
  if
  :: died ->
     /* src/engine/worker-host.ts ended() */
     if
     :: holds -> d_step { holders--; holds = 0 }
     :: else
     fi;
#ifndef DEATH_UNNOTICED
     gone = 1
#endif
  :: else
  fi
}

/* The end of the worker's thread, at any step or not at all: src/engine/worker-host.ts ended() */
active proctype Death() {
  if
  :: died = 1
  :: true
  fi
}

active proctype Stage() {
  do
  :: removed -> break
  :: atomic {
       /* src/runtime/group.ts turn() and src/journal/reader.ts advance() */
       !removed && published > position ->
       assert(slot[position % CAPACITY] == position);
       position++
     };
     if
     :: writerBell -> ring(WORKERS)
     :: else
     fi
  :: atomic { !removed && ended != OPEN && published == position -> break }
#ifdef UNASKED
  :: published == position && ended == OPEN ->
endQuiet: (published > position || ended != OPEN)
#endif
  od;
  /* src/runtime/group.ts leave() and src/journal/journal.ts leaveReader() */
  atomic { staged = 0; version++ };
  if
  :: writerBell -> ring(WORKERS)
  :: else
  fi
}

/* The subscriber: placed, it leaves. */
active proctype Subscriber() {
  if
  :: came ->
     /* Who finds the end need not be placed: src/engine/egress.ts drain() */
     (state != JOINING || removed || ended != OPEN);
     if
     :: state == GATING -> assert(place >= before)
     :: else
     fi;
     /* src/engine/egress.ts leave() and src/journal/journal.ts leaveReader() */
     state = FREE;
     version++;
     if
     :: writerBell -> ring(WORKERS)
     :: else
     fi
  :: removed
  fi
}
