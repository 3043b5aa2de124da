/* Readers that join and leave while the writer runs; each side sleeps.
 *
 * One thread joins, reads for a while and leaves, VISITS times over, always on the same line. Checked: whoever joined is
 * placed by the next look, at or after what had been published before; reads every record from there on, and no other;
 * is woken by the end; never holds the writer back once it has left; nobody sleeps for ever.
 *
 * Broken, besides those of bells.pml: STATE_BEFORE_POSITION, VERSION_BEFORE_STATE, PLACED_WITHOUT_COMPARING,
 * PLACED_AT_PUBLISHED, LEAVE_WITHOUT_VERSION, LEAVE_WITHOUT_RING, END_WAKES_KNOWN_READERS, DISTANCE_BELOW_ZERO,
 * JOINING_READ.
 */
#define CAPACITY 2
#define RECORDS 4
#define VISITS 2
#define BELLS 2
#define WRITERS 0
#define READERS 1
#include "bells.pml"

mtype = { FREE, JOINING, GATING, LEFT };

byte published;
byte slot[CAPACITY];
bit ended;
bit writerBell;
byte version;
mtype state = FREE;
byte position;

/* Whether somebody has joined and was neither placed nor has left, and at which visit; only for assertions. */
bit waits;
byte visit;

/* src/journal/writer.ts meetReaders(): the writer keeps what it found in `gates`. */
inline meetReaders() {
  found = state;
  if
  :: found == JOINING ->
#ifdef STATE_BEFORE_POSITION
     atomic {
       if
       :: state == found -> state = GATING; waits = 0
       :: else
       fi
     };
     position = next
#else
#ifdef PLACED_AT_PUBLISHED
     position = published;
#else
     position = next;
#endif
     atomic {
       if
#ifdef PLACED_WITHOUT_COMPARING
       :: state = GATING; waits = 0
#else
       :: state == found -> state = GATING; waits = 0
       :: else
#endif
       fi
     }
#endif
  :: found == LEFT ->
     atomic {
       if
       :: state == LEFT -> state = FREE
       :: else
       fi
     }
  :: else
  fi;
  gates = (state == GATING)
}

/* src/journal/writer.ts look() */
inline look() {
  atomic { met = version; due = waits; dueVisit = visit };
  if
  :: met != seen ->
     seen = met;
     meetReaders()
  :: else
  fi;
  assert(!due || !waits || visit != dueVisit);
  behind = 0;
  if
  :: gates -> behind = next - position
  :: else
  fi;
  room = CAPACITY - behind;
  ready = (room > 0)
}

/* src/journal/writer.ts wake() */
inline wake() {
#ifndef END_WAKES_KNOWN_READERS
  if
  :: version != seen -> look()
  :: else
  fi;
#endif
  if
  :: gates -> ring(READERS)
  :: else
  fi
}

/* src/journal/writer.ts publish() */
inline publish() {
  if
  :: published < next -> published = next; wake()
  :: else
  fi
}

/* src/runtime/worker-loop.ts waitForRoom() */
inline waitForRoom() {
  do
  :: look();
     if
     :: ready -> break
     :: else ->
        writerBell = 1;
        sleepUntilRung(WRITERS, look());
        writerBell = 0
     fi
  od
}

active proctype Writer() {
  byte next, room, behind, seen = 255, met, dueVisit;
  mtype found;
  bit gates, ready, due;
  do
  :: next < RECORDS ->
     if
     :: room == 0 -> publish(); waitForRoom()
     :: true -> look()
     :: room > 0
     fi;
     if
     :: room > 0 ->
        /* src/journal/writer.ts claim() */
        slot[next % CAPACITY] = next;
        room--;
        next++
     :: else
     fi;
     if
     :: true -> publish()
     :: true
     fi
  :: else -> break
  od;
  /* src/journal/writer.ts end() */
  publish();
  ended = 1;
  wake()
}

/* src/journal/journal.ts joinReader() */
inline joinReader() {
#ifdef VERSION_BEFORE_STATE
  version++;
  atomic { state = JOINING; waits = 1; visit++ }
#else
  state = JOINING;
  /* The writer may have placed it already, on account of an earlier version. */
  atomic { version++; waits = (state == JOINING); visit++ }
#endif
}

/* src/journal/journal.ts leaveReader() */
inline leaveReader() {
  atomic {
    waits = 0;
    if
    :: state == JOINING -> state = LEFT
    :: else -> unplaced = 0
    fi
  };
  if
  :: !unplaced -> state = FREE; unplaced = 1
  :: else
  fi;
#ifndef LEAVE_WITHOUT_VERSION
  version++;
#endif
#ifndef LEAVE_WITHOUT_RING
  if
  :: writerBell -> ring(WRITERS)
  :: else
  fi
#endif
}

/* src/journal/reader.ts hasJoined() */
inline hasJoined() {
  if
  :: !joined ->
#ifdef JOINING_READ
     if
     :: state == GATING || state == JOINING -> sequence = position; joined = 1
#else
     if
     :: state == GATING -> sequence = position; joined = 1
#endif
     :: else
     fi
  :: else
  fi
}

/* src/journal/reader.ts available() */
inline loadAvailable() {
  hasJoined();
#ifdef DISTANCE_BELOW_ZERO
  available = (joined && published != sequence)
#else
  available = (joined && published > sequence)
#endif
}

/* src/engine/egress.ts isQuiet() */
inline isReady() {
  loadAvailable();
  ready = available;
  if
  :: !ready -> ready = ended
  :: else
  fi
}

/* src/journal/reader.ts advance() */
inline advance() {
  sequence++;
  position = sequence;
  if
  :: writerBell -> ring(WRITERS)
  :: else
  fi
}

active proctype Reader() {
  byte visits, before, sequence;
  bit joined, available, end, ready, checked, unplaced = 1;
  do
  :: visits < VISITS ->
     before = published;
     checked = 0;
     joinReader();
     do
     :: /* src/engine/egress.ts drain(): the end is loaded before the records. */
        end = ended;
        loadAvailable();
        assert(!joined || checked || sequence >= before);
        checked = joined;
        if
        :: available ->
           assert(slot[sequence % CAPACITY] == sequence);
           advance()
        :: !available && end ->
           assert(!joined || sequence >= RECORDS);
           break
        :: else ->
           /* src/engine/pump.ts sleep() */
           sleepUntilRung(READERS, isReady())
        fi
     :: break
     od;
     leaveReader();
     atomic { joined = 0; sequence = 0; before = 0; visits++ }
  :: else -> break
  od
}
