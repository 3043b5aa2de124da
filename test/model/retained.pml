/* A journal that keeps every record: readers join at any record while the writer runs, and place themselves.
 *
 * The writer looks at its readers only now and then, since it waits for nobody. One thread visits the journal twice on
 * one line: first as a reader that the writer places, which may leave before it is placed, then as one that starts at the
 * first record. Checked: the second reads everything from there on, although the journal has no end that would wake it.
 *
 * Broken, besides those of bells.pml: PUBLISH_WAKES_KNOWN_READERS, UNPLACED_LINE_TAKEN, VERSION_BEFORE_STATE,
 * FULL_LATE.
 */
#define CAPACITY 3
#define START 1
#define LINES 2
#define BELLS 1
#define READERS 0
#include "bells.pml"

mtype = { FREE, JOINING, GATING, LEFT };

byte published = START;
byte slot[CAPACITY];
byte version;
mtype state[LINES] = FREE;
byte position[LINES];

/* src/journal/writer.ts meetReaders() */
inline meetReaders() {
  wakes = 0;
  l = 0;
  do
  :: l < LINES ->
     found = state[l];
     if
     :: found == JOINING ->
        position[l] = next;
        atomic {
          if
          :: state[l] == found -> state[l] = GATING
          :: else
          fi
        }
     :: found == LEFT ->
        atomic {
          if
          :: state[l] == LEFT -> state[l] = FREE
          :: else
          fi
        }
     :: else
     fi;
     wakes = wakes || (state[l] == GATING);
     l++
  :: else -> break
  od
}

/* src/journal/writer.ts look(): the journal is full at its capacity, whoever reads. */
inline look() {
  if
  :: version != seen ->
     seen = version;
     meetReaders()
  :: else
  fi;
#ifdef FULL_LATE
  room = CAPACITY + 1 - (next - START)
#else
  room = CAPACITY - (next - START)
#endif
}

/* src/journal/writer.ts wake() */
inline wake() {
#ifndef PUBLISH_WAKES_KNOWN_READERS
  if
  :: version != seen -> look()
  :: else
  fi;
#endif
  if
  :: wakes -> ring(READERS)
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

active proctype Writer() {
  byte next = START, room, seen = 255, l;
  mtype found;
  bit wakes;
  look();
  do
  :: room > 0 ->
     /* src/journal/writer.ts claim() */
     slot[(next - START) % CAPACITY] = next;
     room--;
     next++;
     if
     :: true -> publish()
     :: true -> look()
     :: true
     fi
  :: else -> break
  od;
  publish();
  /* src/runtime/worker-loop.ts waitForRoom(): it fails for want of room, which readers are told by an end; here they
   * shall have read all without being told. */
  assert(next <= START + CAPACITY)
}

/* src/journal/journal.ts takeLine() */
#ifdef UNPLACED_LINE_TAKEN
#define takeable(l) (state[l] == FREE || state[l] == LEFT)
#else
#define takeable(l) (state[l] == FREE)
#endif

/* src/journal/reader.ts available() */
#define isReady() ready = (published > sequence)

active proctype Reader() {
  byte sequence, mine;
  bit ready, unplaced = 1;
  /* src/journal/journal.ts joinReader(), without a start */
  state[0] = JOINING;
  version++;
  /* src/journal/journal.ts leaveReader() */
  atomic {
    if
    :: state[0] == JOINING -> state[0] = LEFT
    :: else -> unplaced = 0
    fi
  };
  if
  :: !unplaced -> state[0] = FREE
  :: else
  fi;
  version++;
  /* src/journal/journal.ts joinReader(), from the start */
  if
  :: takeable(0) -> mine = 0
  :: else -> mine = 1
  fi;
#ifdef VERSION_BEFORE_STATE
  version++;
  position[mine] = START;
  state[mine] = GATING;
#else
  position[mine] = START;
  state[mine] = GATING;
  version++;
#endif
  /* src/journal/reader.ts hasJoined() */
  sequence = position[mine];
  assert(sequence == START);
  do
  :: isReady();
     if
     :: ready ->
        assert(slot[(sequence - START) % CAPACITY] == sequence);
        /* src/journal/reader.ts advance() */
        sequence++;
        position[mine] = sequence
     :: !ready && sequence < START + CAPACITY ->
        /* src/engine/pump.ts sleep() */
        sleepUntilRung(READERS, isReady())
     :: !ready && sequence >= START + CAPACITY -> break
     fi
  od
}
