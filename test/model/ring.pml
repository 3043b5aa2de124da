/* The ring: one writer, two gating readers that look again and again, slots that are used anew.
 *
 * A record is two words, written and read one by one, so that a torn record can be seen. Sequences are compared by their
 * low bits alone, which wrap at 8 here as they do at 2^32 there. Checked: every reader reads every record once, in order
 * and whole; nobody waits for ever (an invalid end state).
 *
 * Broken: NO_PUBLISH, PUBLISH_BEFORE_WRITE, WRAP_OFF_BY_ONE, SLOT_OFF_BY_ONE, SLOWEST_FORGOTTEN, ADVANCE_BEFORE_READ,
 * ADVANCE_TOO_FAR, UNSIGNED_DISTANCE, UNCLAIM_KEEPS_SLOT, END_BEFORE_PUBLISH, END_LOADED_LAST.
 */
#define CAPACITY 2
#define READERS 2
#define START 6
#define RECORDS 5
#define LOW 8

/* src/journal/sequence.ts lowBits() */
#define lowBits(sequence) ((sequence) % LOW)
/* How far low bits are ahead of others, as the signed difference of 32-bit integers. */
#define ahead(of, low) (((of) - (low) + LOW) % LOW)

#ifdef WRAP_OFF_BY_ONE
#define ROOM (CAPACITY + 1)
#else
#define ROOM CAPACITY
#endif

byte published = lowBits(START);
byte position[READERS] = lowBits(START);
bit ended;
byte first[CAPACITY];
byte second[CAPACITY];

/* src/journal/writer.ts look() */
inline look() {
  used = 0;
  r = 0;
  do
  :: r < READERS ->
     d_step {
       behind = ahead(lowBits(next), position[r]);
#ifdef SLOWEST_FORGOTTEN
       used = behind;
#else
       if
       :: behind > used -> used = behind
       :: else
       fi;
#endif
       r++
     }
  :: else -> break
  od;
  room = ROOM - used
}

/* src/journal/writer.ts publish() */
inline publish() {
#ifndef NO_PUBLISH
  published = lowBits(next)
#else
  skip
#endif
}

/* src/runtime/worker-loop.ts waitForRoom(): by looking again and again, which is waiting for the condition. */
inline waitForRoom() {
  ahead(lowBits(next), position[0]) < ROOM && ahead(lowBits(next), position[1]) < ROOM
}

/* A record written word by word: src/runtime/running-stage.ts write(), src/engine/source-node.ts fill(). */
inline writeRecord(sequence) {
  first[(sequence) % CAPACITY] = sequence;
  second[(sequence) % CAPACITY] = sequence
}

/* src/journal/writer.ts unclaim() */
inline unclaim(refusals) {
  room = room + refusals;
#ifndef UNCLAIM_KEEPS_SLOT
  next = next - refusals
#endif
}

active proctype Writer() {
  byte next = START, room, used, behind, r, i, count;
  bit refused;
  do
  :: next < START + RECORDS ->
     do
     :: room > 0 -> break
     :: else ->
        publish();
        waitForRoom();
        look()
     od;
     /* src/journal/writer.ts claim() and claimRun(): one slot or several. */
     count = 1;
     do
     :: count < room && next + count < START + RECORDS -> count++
     :: break
     od;
     i = 0;
     room = room - count;
     next = next + count;
#ifdef PUBLISH_BEFORE_WRITE
     publish();
#endif
     do
     :: i < count -> writeRecord(next - count + i); i++
     :: else -> break
     od;
     if
     :: true -> publish()
     :: true
     fi
  :: room > 0 && next < START + RECORDS && !refused ->
     /* Records that are refused when they have been written in part. */
     refused = 1;
     count = 1;
     do
     :: count < room -> count++
     :: break
     od;
     room = room - count;
     next = next + count;
     first[(next - 1) % CAPACITY] = 0;
     unclaim(count)
  :: else -> break
  od;
  /* src/journal/writer.ts end() */
#ifdef END_BEFORE_PUBLISH
  ended = 1;
  publish()
#else
  publish();
  ended = 1
#endif
}

/* src/journal/reader.ts address() */
#ifdef SLOT_OFF_BY_ONE
#define slotOf(sequence) (((sequence) + 1) % CAPACITY)
#else
#define slotOf(sequence) ((sequence) % CAPACITY)
#endif

/* src/journal/reader.ts available() */
#ifdef UNSIGNED_DISTANCE
#define distance(of, low) ((of) > (low) -> (of) - (low) : 0)
#else
#define distance(of, low) ahead(of, low)
#endif

/* src/journal/reader.ts advance() */
inline advance(count) {
#ifdef ADVANCE_TOO_FAR
  position[me] = lowBits(sequence + count + 1)
#else
  position[me] = lowBits(sequence + count)
#endif
}

active [READERS] proctype Reader() {
  byte me = _pid - 1, sequence = START, available, count, i, word;
  bit end;
  do
  :: /* src/runtime/group.ts turn(): the end, by src/journal/journal.ts endKind(), is loaded before the records. */
#ifdef END_LOADED_LAST
     available = distance(published, lowBits(sequence));
     end = ended;
#else
     end = ended;
     available = distance(published, lowBits(sequence));
#endif
     if
     :: available > 0 ->
        count = available;
        do
        :: count > 1 -> count--
        :: break
        od;
#ifdef ADVANCE_BEFORE_READ
        advance(count);
#endif
        i = 0;
        do
        :: i < count ->
           word = first[slotOf(sequence + i)];
           assert(word == sequence + i);
           word = second[slotOf(sequence + i)];
           assert(word == sequence + i);
           i++
        :: else -> break
        od;
#ifndef ADVANCE_BEFORE_READ
        advance(count);
#endif
        sequence = sequence + count
     :: available == 0 && end -> break
     :: else -> distance(published, lowBits(sequence)) > 0 || ended
     fi
  od;
  assert(sequence == START + RECORDS)
}
