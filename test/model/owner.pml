/* Who writes a journal by hand: two threads that take turns, and a third that reads and places itself while nobody writes.
 *
 * With MORTAL one of the threads may die at any step; the engine then gives back what it had. Writers give up where there is no room, so
 * that nobody sleeps here: that is in bell.pml and join.pml. Checked: there is one writer at a time; each goes on behind
 * all that was written before it; who has joined, placed by itself or by a writer, reads every record from its place on;
 * a thread that has died leaves nobody waiting for ever (an invalid end state).
 *
 * Broken: TAKEN_WITHOUT_COMPARING, LEFT_BEFORE_PUBLISHED, JOINED_WHILE_WRITTEN.
 */
#define CAPACITY 2
#define WRITERS 2
#define BATCH 3
#define VISITS 1
#define NOBODY 0
/* Minus the number of the reader's thread. */
#define JOINER 9

#ifdef MORTAL
#define TURNS 1
#else
/* The first comes twice. */
#define TURNS (3 - own)
#endif

mtype = { FREE, JOINING, GATING, LEFT };

byte owner = NOBODY;
byte published;
/* Records before it may be gone, for who joins: only where a thread has died. */
byte whole;
byte slot[CAPACITY];
bit ended;
byte version;
/* The reader's line. */
mtype state = FREE;
byte position;
/* Whose thread has died, 0 for nobody's. */
byte died;

/* Threads that write, or place themselves, and the records that were written; only for assertions. */
byte holders;
byte written;

/* src/journal/by-hand/owner.ts takeWriting(): a writer that finds a reader joining comes again. */
inline takeWriting(who) {
  taken = 0;
  do
#ifdef TAKEN_WITHOUT_COMPARING
  :: owner == NOBODY -> atomic { owner = who; taken = 1; holders++ }; break
#else
  :: atomic { owner == NOBODY -> owner = who; taken = 1; holders++ }; break
#endif
  :: owner != NOBODY && owner != JOINER -> break
  od
}

/* src/journal/by-hand/owner.ts leaveWriting() */
inline leaveWriting() {
  atomic { owner = NOBODY; holders-- }
}

/* src/journal/writer.ts meetReaders() and look() */
inline look() {
  if
  :: atomic { version != seen -> seen = version };
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
        atomic {
          if
          :: state == LEFT -> state = FREE
          :: else
          fi
        }
     :: else
     fi;
     atomic { gates = (state == GATING); found = 0 }
  :: else
  fi;
  atomic {
    room = CAPACITY;
    if
    :: gates -> room = CAPACITY - (next - position)
    :: else
    fi
  }
}

/* src/journal/by-hand/writer.ts finish() and close() */
inline close() {
#ifdef LEFT_BEFORE_PUBLISHED
  look();
  leaveWriting();
  published = next
#else
  published = next;
  look();
  leaveWriting()
#endif
}

/* src/journal/by-hand/writer.ts constructor(), and src/journal/writer.ts constructor() */
inline open() {
  assert(holders == 1);
  atomic { next = published; seen = 255; room = 0; gates = 0 };
  assert(next == written);
  look()
}

#ifdef MORTAL
/* src/journal/by-hand/owner.ts leaveForThread(): what a writer was writing ends behind what it has published. */
inline leaveForThread(who) {
  if
  :: owner == who -> leaveWriting()
  :: else
  fi
}

/* src/journal/by-hand/owner.ts leaveForThread() and src/journal/writer.ts end(): older records may be overwritten. */
inline endForThread(who) {
  if
  :: owner == who && !ended ->
     whole = published;
     atomic { ended = 1; written = published }
  :: else
  fi
}
#endif

active [WRITERS] proctype Writer() {
  byte own = _pid + 1, turns, next, room, seen, left;
  mtype found;
  bit taken, gates;
  {
    do
    :: turns < TURNS ->
       takeWriting(own);
       if
       :: taken && ended -> leaveWriting()
       :: taken && !ended ->
          open();
          left = BATCH;
          do
          :: left > 0 ->
             /* src/journal/by-hand/writer.ts tryWrite() and slot() */
             if
             :: room == 0 -> look()
             :: else
             fi;
             if
             :: room == 0 -> break
             :: else -> atomic { slot[next % CAPACITY] = next; room--; next++; left--; written++ }
             fi
          :: else -> break
          od;
          close()
       :: else
       fi;
       atomic { turns++; next = 0; room = 0; seen = 0; left = 0; gates = 0; taken = 0 }
    :: else -> break
    od
  }
#ifdef MORTAL
  unless { died == own };
  if
  :: died == own -> endForThread(own); leaveForThread(own)
  :: else
  fi
#endif
}

#ifdef MORTAL
/* The end of a thread, at any step or not at all: src/engine/worker-host.ts ended() */
active proctype Death() {
  if
  :: died = 1
  :: died = JOINER
  :: skip
  fi
}
#endif

/* src/journal/by-hand/join.ts join(), beginOf() and oldestWhole(), in a ring that another thread writes */
inline join() {
  joined = 0;
#ifdef JOINED_WHILE_WRITTEN
  taken = 1;
#else
  takeWriting(JOINER);
#endif
  if
  :: taken ->
     sequence = published;
     if
     :: sequence >= CAPACITY -> sequence = sequence - CAPACITY + 1
     :: sequence < CAPACITY -> sequence = 0
     :: true
     fi;
#ifdef MORTAL
     if
     :: sequence < whole -> sequence = whole
     :: else
     fi;
#endif
     position = sequence;
     state = GATING;
     version++;
     joined = 1;
#ifndef JOINED_WHILE_WRITTEN
     leaveWriting()
#endif
  :: else ->
     state = JOINING;
     version++
  fi
}

/* src/journal/journal.ts leaveReader() */
inline leaveReader() {
  atomic {
    if
    :: state == JOINING -> state = LEFT
    :: state == GATING -> state = FREE
    :: else
    fi
  };
  version++
}

active proctype Reader() {
  byte visits, sequence;
  bit joined, taken;
  {
    do
    :: visits < VISITS && (state == FREE || state == LEFT) ->
       join();
       do
       :: !joined && state == GATING -> sequence = position; joined = 1
       :: joined && published > sequence ->
          /* src/journal/by-hand/reader.ts next() and letGo() */
          assert(slot[sequence % CAPACITY] == sequence);
          sequence++;
          position = sequence
       :: break
       od;
       leaveReader();
       atomic { visits++; sequence = 0; joined = 0; taken = 0 }
    :: else -> break
    od
  }
#ifdef MORTAL
  unless { died == JOINER };
  if
  :: died == JOINER -> leaveReader(); leaveForThread(JOINER)
  :: else
  fi
#endif
}
