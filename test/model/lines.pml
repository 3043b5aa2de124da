/* Readers' lines: two threads that want the same one, and the writer, which places readers and makes lines free.
 *
 * Each thread joins, reads for a while and leaves, one VISITS times over, the other once less; who finds the line taken gives that
 * visit up.
 * A line that is taken is nobody's business but the taker's until it says how it reads: by then its bell is there.
 * Checked: a line is never two threads' at a time; who has joined reads every record from its place on, and no other;
 * nobody sleeps for ever, whoever had the line before.
 *
 * Broken, besides those of bells.pml: TAKEN_BY_STORE, FREED_WITHOUT_COMPARING, BELL_AFTER_VERSION.
 */
#define CAPACITY 1
#define RECORDS 2
#define THREADS 2
#define VISITS 2
#define BELLS 3
#define WRITERS 0
#include "bells.pml"

mtype = { FREE, TAKEN, JOINING, GATING, LEFT };

byte published;
byte slot[CAPACITY];
bit ended;
bit writerBell;
byte version;
/* The line. */
mtype state = FREE;
byte position;
byte lineBell = WRITERS;

/* How many threads have the line; only for assertions. */
byte holders;

/* src/journal/writer.ts meetReaders() */
inline meetReaders() {
  found = state;
  if
  :: found == JOINING ->
     position = next;
     atomic {
       if
       :: state == found -> state = GATING
       :: else
       fi
     }
  :: found == LEFT ->
#ifdef FREED_WITHOUT_COMPARING
     state = FREE
#else
     atomic {
       if
       :: state == LEFT -> state = FREE
       :: else
       fi
     }
#endif
  :: else
  fi;
  gates = (state == GATING);
  if
  :: gates -> rung = lineBell
  :: else
  fi
}

/* src/journal/writer.ts look() */
inline look() {
  met = version;
  if
  :: met != seen ->
     seen = met;
     meetReaders()
  :: else
  fi;
  behind = 0;
  if
  :: gates -> behind = next - position
  :: else
  fi;
  room = CAPACITY - behind;
  ready = (room > 0)
}

/* src/journal/writer.ts wake() and hasNewReaders() */
inline wake() {
  if
  :: version != seen -> look()
  :: else
  fi;
  if
  :: gates -> ring(rung)
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
  byte next, room, behind, rung, seen = 255, met;
  mtype found;
  bit gates, ready;
  do
  :: next < RECORDS ->
     if
     :: room == 0 -> waitForRoom()
     :: true -> look()
     :: room > 0
     fi;
     if
     :: room > 0 ->
        /* src/journal/writer.ts claim() */
        slot[next % CAPACITY] = next;
        room--;
        next++;
        publish()
     :: else
     fi
  :: else -> break
  od;
  /* src/journal/writer.ts end() */
  ended = 1;
  wake()
}

/* src/journal/journal.ts takeLine(): a line that is free, or was left by a reader that was never placed. */
inline takeLine() {
  taken = 0;
  wanted = state;
  if
  :: wanted == FREE || wanted == LEFT ->
#ifdef TAKEN_BY_STORE
     atomic { state = TAKEN; taken = 1; holders++ }
#else
     atomic {
       if
       :: state == wanted -> state = TAKEN; taken = 1; holders++
       :: else
       fi
     }
#endif
  :: else
  fi
}

/* src/journal/journal.ts joinReader(), of a reader that the writer places */
inline joinReader() {
#ifdef BELL_AFTER_VERSION
  state = JOINING;
  version++;
  lineBell = own
#else
  lineBell = own;
  state = JOINING;
  version++
#endif
}

/* src/journal/journal.ts leaveReader() */
inline leaveReader() {
  atomic {
    if
    :: state == JOINING -> state = LEFT; holders--
    :: else -> unplaced = 0
    fi
  };
  if
  :: !unplaced -> atomic { state = FREE; holders-- }; unplaced = 1
  :: else
  fi;
  version++;
  if
  :: writerBell -> ring(WRITERS)
  :: else
  fi
}

/* src/journal/reader.ts hasJoined() and available() */
inline loadAvailable() {
  if
  :: !joined ->
     if
     :: state == GATING -> sequence = position; joined = 1
     :: else
     fi
  :: else
  fi;
  available = (joined && published > sequence)
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

active [THREADS] proctype Reader() {
  byte own = _pid, visits, sequence;
  mtype wanted;
  bit taken, joined, available, ready, end, unplaced = 1;
  do
  :: visits < VISITS - own + 1 ->
     takeLine();
     if
     :: taken ->
        assert(holders == 1);
        joinReader();
        do
        :: /* src/engine/egress.ts drain(): the end is loaded before the records. */
           end = ended;
           loadAvailable();
           if
           :: available ->
              assert(slot[sequence % CAPACITY] == sequence);
              advance()
           :: !available && end ->
              assert(!joined || sequence >= RECORDS);
              break
           :: else ->
              /* src/engine/pump.ts sleep() */
              sleepUntilRung(own, isReady())
           fi
        :: break
        od;
        assert(holders == 1);
        leaveReader()
     :: else
     fi;
     atomic { joined = 0; sequence = 0; available = 0; end = 0; ready = 0; visits++ }
  :: else -> break
  od
}
