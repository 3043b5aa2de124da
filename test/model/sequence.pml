/* A sequence in three cells: one thread stores (lo, hi, hi'), others load the whole.
 *
 * `lo` wraps at 4 here as it does at 2^32 there. Checked: what is loaded was stored, not earlier than what was there
 * when the load began and not later than what was there when it ended; a load ends, given that the writer goes on
 * (no cycle without progress, under weak fairness).
 *
 * Broken: STORE_LO_FIRST, STORE_COPY_EARLY, STORE_LO_ONLY, LOAD_IN_ORDER_OF_STORES, LOAD_WITHOUT_COPY.
 */
#define START 2
#define END 9
#define LOW 4

byte lo = START % LOW;
byte hi = START / LOW;
/* The second copy of `hi`. */
byte hiAgain = START / LOW;

/* What has been stored for sure, and what may have been; only for assertions. */
byte stored = START;
byte storing = START;
bit wasStored[END + 1];

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
  do
  :: sequence < END ->
     next = sequence + 1;
     do
     :: next < END && next < sequence + 5 -> next++
     :: break
     od;
     atomic { storing = next; wasStored[next] = 1 };
     storeSequence(next, sequence);
     stored = next;
     sequence = next
  :: else -> break
  od
}

/* src/journal/sequence.ts loadSequence() */
inline loadSequence() {
  do
  ::
#ifdef LOAD_IN_ORDER_OF_STORES
     high = hi;
     low = lo;
     if
     :: hiAgain == high -> break
     :: else
     fi
#else
     high = hiAgain;
     low = lo;
#ifdef LOAD_WITHOUT_COPY
     break
#else
     if
     :: hi == high -> break
     :: else
     fi
#endif
#endif
  od
}

/* src/journal/journal.ts publishedSequence() and readerPosition(), src/journal/reader.ts lag() */
active proctype Reader() {
  byte high, low, sequence, atLeast;
  do
  :: atLeast < END ->
     atLeast = stored;
     loadSequence();
progress:
     sequence = high * LOW + low;
     assert(sequence >= atLeast && sequence <= storing && (sequence == START || wasStored[sequence]))
  :: else -> break
  od
}
