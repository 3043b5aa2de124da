/* A sequence in three cells: one thread stores (lo, hi, hi'), others load the whole.
 *
 * `lo` wraps at 8 here as it does at 2^32 there, and no step is as long as half of that. The writer may die between any
 * two stores. Checked: what is loaded was stored, not earlier than what was there when the load began and not later than
 * what was there when it ended; every load ends, whatever the writer does (no cycle without progress).
 *
 * Assumed, as in the code: the writer doesn't come round to the same low bits during a single load.
 *
 * Broken: STORE_LO_FIRST, STORE_COPY_EARLY, STORE_LO_ONLY, LOAD_IN_ORDER_OF_STORES, LOAD_WITHOUT_COPY, TORN_TAKEN_AT_ONCE,
 * TORN_WAITED_FOR.
 */
#define START 6
#define END 19
#define LOW 8
#define HALF 4

byte lo = START % LOW;
byte hi = START / LOW;
/* The second copy of `hi`. */
byte hiAgain = START / LOW;
bit died;

/* What has been stored for sure, and what may have been; only for assertions. */
byte stored = START;
byte storing = START;
bit wasStored[END + 1];
/* As far as the writer gets during a load. */
byte limit = END;

/* src/journal/sequence.ts storeSequence() */
inline storeSequence(to, from) {
#ifdef STORE_LO_ONLY
  lo = to % LOW
#else
  if
  :: to / LOW == from / LOW -> lo = to % LOW
  :: else ->
#if defined(STORE_LO_FIRST)
     lo = to % LOW;
     hi = to / LOW;
     hiAgain = to / LOW
#elif defined(STORE_COPY_EARLY)
     hi = to / LOW;
     hiAgain = to / LOW;
     lo = to % LOW
#else
     hi = to / LOW;
     lo = to % LOW;
     hiAgain = to / LOW
#endif
  fi
#endif
}

/* A writer's cursor: src/journal/writer.ts publish(); a reader's: src/journal/reader.ts advance() */
active proctype Writer() {
  byte sequence = START, next;
  {
    do
    :: sequence < END ->
       next = sequence + 1 + sequence % (HALF - 1);
       atomic { next <= limit -> storing = next; wasStored[next] = 1 };
       storeSequence(next, sequence);
       stored = next;
       sequence = next
    :: else -> break
    od
  } unless { died }
}

/* The end of a thread, at any step or not at all: src/engine/worker-host.ts ended() */
active proctype Death() {
  if
  :: died = 1
  :: skip
  fi
}

/* src/journal/sequence.ts loadSequence() */
inline loadSequence() {
  highBefore = 255;
  lowBefore = 255;
  againBefore = 255;
  do
  ::
#ifdef LOAD_IN_ORDER_OF_STORES
     high = hi;
     low = lo;
     again = hiAgain;
#else
     again = hiAgain;
     low = lo;
     high = hi;
#endif
     if
#ifdef LOAD_WITHOUT_COPY
     :: high = again; break
#else
     :: high == again -> break
#ifndef TORN_WAITED_FOR
#ifdef TORN_TAKEN_AT_ONCE
     :: high != again ->
#else
     :: high != again && high == highBefore && low == lowBefore && again == againBefore ->
#endif
        if
        :: low >= HALF -> high = again
        :: else
        fi;
        break
#endif
     :: else
#endif
     fi;
     highBefore = high;
     lowBefore = low;
     againBefore = again
  od
}

/* src/journal/journal.ts publishedSequence() and readerPosition(), src/journal/reader.ts lag() */
active proctype Reader() {
  byte high, low, again, highBefore, lowBefore, againBefore, sequence, atLeast;
  do
  :: atLeast < END ->
     atomic { atLeast = stored; limit = (stored + LOW - 1 < END -> stored + LOW - 1 : END) };
     loadSequence();
progress:
     sequence = high * LOW + low;
     assert(sequence >= atLeast && sequence <= storing && (sequence == START || wasStored[sequence]));
     limit = END;
     /* What is forgotten makes no difference between states. */
     d_step { sequence = 0; high = 0; low = 0; again = 0; highBefore = 0; lowBefore = 0; againBefore = 0 }
  :: else -> break
  od
}
