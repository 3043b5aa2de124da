/* A reader that may be lapped: it copies, and looks afterwards whether what it copied was being overwritten.
 *
 * The writer waits for nobody. The reader is there from the start, or joins at any time. The writer may die at any step,
 * also in the middle of a record, and is then replaced by one that ends the journal, at once or after another record.
 * Checked: no accepted copy is torn or of another record; every record is either read or counted as lost.
 *
 * Slots are plain memory, and here they race. What the full fences on both sides forbid, on machines that reorder more
 * than x86 does, is what two of the broken models do in program order: ANNOUNCE_AFTER_WRITE is the writer's store of the
 * slot passing its claim, VALIDATE_BEFORE_COPY the reader's load of the claim passing its copy.
 *
 * Broken: CLAIM_NOT_ANNOUNCED, ANNOUNCE_AFTER_WRITE, ANNOUNCE_TOO_LITTLE, VALIDATION_SKIPPED, VALIDATE_BEFORE_COPY,
 * OLDEST_OFF_BY_ONE, OLDEST_BEYOND_PUBLISHED, CLAIMS_FORGOTTEN, LOSS_NOT_COUNTED.
 */
#ifndef CAPACITY
#define CAPACITY 2
#endif
#ifndef RECORDS
#define RECORDS 6
#endif
#define START 5
/* Records that are copied before they are validated. */
#define SLICE 2
/* src/journal/writer.ts announce(): slots that are claimed at a time. */
#define CLAIMS (CAPACITY < 8 -> 1 : CAPACITY / 4)

mtype = { FREE, JOINING_LAPPED, LAPPED };

byte published = START;
byte claimed = START;
byte position;
mtype state = FREE;
byte version;
bit ended;
byte first[CAPACITY];
byte second[CAPACITY];
bit died;

/* src/journal/writer.ts announce() */
inline announce() {
  room = CLAIMS;
  if
  :: next + room > announced ->
     announced = next + room;
#if defined(ANNOUNCE_TOO_LITTLE)
     claimed = announced - 1
#elif !defined(CLAIM_NOT_ANNOUNCED) && !defined(ANNOUNCE_AFTER_WRITE)
     claimed = announced
#endif
  :: else
  fi
}

/* src/journal/writer.ts meetReaders() */
inline meetReaders() {
  if
  :: state == JOINING_LAPPED ->
     position = next;
     state = LAPPED
  :: else
  fi;
  hasLapped = (state == LAPPED)
}

/* src/journal/writer.ts look(): nobody gates, so all slots are free, but not all may have been announced. */
inline look() {
  if
  :: version != seen -> seen = version; meetReaders()
  :: else
  fi;
  room = (!hasLapped -> CAPACITY : (announced > next -> announced - next : 0))
}

/* src/journal/writer.ts makeRoom() */
inline makeRoom() {
  look();
  if
  :: room == 0 -> announce()
  :: else
  fi
}

/* src/journal/writer.ts wake(): nobody sleeps here, but who joins is met. */
inline wake() {
  if
  :: version != seen -> look()
  :: else
  fi
}

/* src/journal/writer.ts claim(), then the record word by word. */
inline write() {
  if
  :: room == 0 -> makeRoom()
  :: else
  fi;
  d_step { room--; next++ };
  first[(next - 1) % CAPACITY] = next - 1;
  second[(next - 1) % CAPACITY] = next - 1;
#ifdef ANNOUNCE_AFTER_WRITE
  claimed = announced
#endif
}

/* src/journal/writer.ts publish() */
inline publish() {
  if
  :: published < next -> published = next; wake()
  :: else
  fi
}

active proctype Writer() {
  byte next = START, announced = START, room, seen;
  bit hasLapped;
  {
    do
    :: next < START + RECORDS ->
       write();
       if
       :: true -> publish()
       :: true
       fi
    :: next < START + RECORDS -> look()
    :: next == START + RECORDS -> break
    od;
    /* src/journal/writer.ts end() */
    publish();
    ended = 1
  }
#ifndef IMMORTAL
  unless { died };
  if
  :: died && !ended ->
     /* src/journal/writer.ts constructor(), src/engine/fail-group.ts failGroup() */
     next = published;
#ifdef CLAIMS_FORGOTTEN
     announced = published;
#else
     announced = (claimed > published -> claimed : published);
#endif
     seen = 255;
     room = 0;
     if
     :: true -> write(); publish()
     :: true
     fi;
     ended = 1;
     wake()
  :: else
  fi
#endif
}

#ifndef IMMORTAL
/* The end of a worker, at any step or not at all: src/engine/worker-host.ts ended() */
active proctype Death() {
  if
  :: died = 1
  :: skip
  fi
}
#endif

/* src/journal/reader.ts oldest() */
inline loadOldest() {
  oldest = (claimed > START + CAPACITY -> claimed - CAPACITY : START);
#ifndef OLDEST_BEYOND_PUBLISHED
  d_step {
    if
    :: oldest > published -> oldest = published
    :: else
    fi
  }
#endif
}

#ifdef OLDEST_OFF_BY_ONE
#define KEPT (CAPACITY + 1)
#else
#define KEPT CAPACITY
#endif

/* src/journal/reader.ts lost(): how much is up for overwriting in the meantime. */
inline validate() {
#if defined(VALIDATION_SKIPPED)
  lost = 0
#else
  d_step {
#ifndef VALIDATE_BEFORE_COPY
    lost = claimed;
#endif
    lost = (lost > KEPT + sequence -> lost - KEPT - sequence : 0);
    lost = (lost > count -> count : lost)
  }
#endif
}

/* src/engine/lapped-copies.ts skip() */
inline skipRecords(to) {
  if
  :: to > sequence ->
#ifndef LOSS_NOT_COUNTED
     dropped = dropped + to - sequence;
#endif
     sequence = to
  :: else
  fi
}

active proctype Reader() {
  byte sequence, oldest, count, i, lost, read, dropped, start;
  byte copyOfFirst[SLICE], copyOfSecond[SLICE];
  bit end;
  /* src/journal/journal.ts joinReader(): from the start, before the writer looks, or wherever the writer is. */
  if
  :: atomic { version == 0 && published == START && claimed == START && Writer:next == START ->
       position = START; state = LAPPED; version = 1 }
  :: state = JOINING_LAPPED;
     version++
  fi;
  /* src/journal/reader.ts hasJoined() */
  state == LAPPED || ended;
  if
  :: state == LAPPED -> sequence = position
  :: else -> sequence = published
  fi;
  start = sequence;
  do
  :: /* src/engine/egress.ts drain(): the end is loaded before the records. */
     end = ended;
     /* src/engine/lapped-copies.ts take(), src/journal/reader.ts lag() */
     if
     :: published > sequence + CAPACITY -> loadOldest(); skipRecords(oldest)
     :: else
     fi;
     /* src/journal/reader.ts available() */
     d_step {
       count = published;
       count = (count > sequence -> count - sequence : 0);
       count = (count > SLICE -> SLICE : count)
     };
#ifdef VALIDATE_BEFORE_COPY
     lost = claimed;
#endif
     i = 0;
     do
     :: i < count ->
        copyOfFirst[i] = first[(sequence + i) % CAPACITY];
        copyOfSecond[i] = second[(sequence + i) % CAPACITY];
        i++
     :: else -> break
     od;
     validate();
     if
     :: lost > 0 -> skipRecords(sequence + lost)
     :: else ->
        d_step {
          do
          :: count > 0 ->
             count--;
             assert(copyOfFirst[count] == sequence + count && copyOfSecond[count] == sequence + count);
             read++
          :: else -> break
          od
        };
        if
        :: i == 0 && end -> break
        :: i == 0 && !end -> published > sequence || ended
        :: else
        fi;
        sequence = sequence + i
     fi;
     /* What is forgotten makes no difference between states. */
     d_step {
       lost = 0;
       count = 0;
       do
       :: i > 0 -> i--; copyOfFirst[i] = 0; copyOfSecond[i] = 0
       :: else -> break
       od
     }
  od;
  /* A writer that died may have placed the reader behind records that it never published. */
  assert(read + dropped == (published > start -> published - start : 0))
}
