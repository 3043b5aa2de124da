/* A slot store: one writer with keys and two copies of each value, and a reader.
 *
 * There are two slots; the second key comes later. Values are two words. The writer may die at any step, also in
 * the middle of a value, and another takes its place. Checked: a copy that is accepted is whole, belongs to its slot and is not
 * older than one accepted before; a key that is found has a value, and is found from then on.
 *
 * Values are plain memory, and here they race. What the full fences on both sides forbid, on machines that reorder more than
 * x86 does, is what two of the broken models do in program order: PUBLISH_BEFORE_WRITE and VALIDATE_BEFORE_COPY.
 *
 * Broken: PUBLISH_BEFORE_WRITE, LATEST_OVERWRITTEN, VALIDATION_SKIPPED, VALIDATE_BEFORE_COPY, KEY_BEFORE_VALUE, USED_FORGOTTEN.
 */
#ifndef WRITES
#define WRITES 3
#endif
#define SLOTS 2

byte version[SLOTS];
/* Two copies for each slot. */
byte first[4];
byte second[4];
/* The index: whether the slot of a key is shown; and the count of slots with keys. */
bit shown[SLOTS];
byte used;
bit died;
bit isOver;

#define COPY(slot, v) (2 * (slot) + ((v) & 1))
/* Values of a slot grow; none is of both. */
#define VALUE(slot, v) (10 * ((slot) + 1) + (v))

/* src/journal/slot-index.ts show() and count(): the writer's own count decides whether the slot is new. */
inline showSlot(slot) {
  if
  :: slot == own ->
     shown[slot] = 1;
     own++;
     used = own
  :: else
  fi
}

/* src/journal/slot-writer.ts publish() */
inline publish(slot) {
#ifdef KEY_BEFORE_VALUE
  showSlot(slot);
#endif
  version[slot] = version[slot] + 1;
#ifndef KEY_BEFORE_VALUE
  showSlot(slot)
#endif
}

/* src/journal/slot-writer.ts store(), without the search for the key */
inline store(slot) {
#ifdef LATEST_OVERWRITTEN
  to = COPY(slot, version[slot]);
#else
  to = COPY(slot, version[slot] + 1);
#endif
#ifdef PUBLISH_BEFORE_WRITE
  value = VALUE(slot, version[slot] + 1);
  publish(slot);
  first[to] = value;
  second[to] = value
#else
  value = VALUE(slot, version[slot] + 1);
  first[to] = value;
  second[to] = value;
  publish(slot)
#endif
}

/* src/journal/slot-index.ts usedSlots() */
inline loadUsed(into) {
  into = used
}

/* src/journal/slot-index.ts claimSlots() and releaseSlots(): there is one writer at a time. */
active proctype Writer() {
  byte own, to, value, written;
  {
    do
    :: written < WRITES ->
       if
       :: store(0)
       :: own > 0 -> store(1)
       fi;
       written++
    :: written == WRITES -> break
    od;
    isOver = 1
  } unless { died };
  if
  :: died && !isOver ->
     /* src/journal/slot-index.ts constructor(): a slot may be in the index and not be counted. */
     loadUsed(own);
#ifndef USED_FORGOTTEN
     if
     :: own < SLOTS && version[own] > 0 && shown[own] -> own++; used = own
     :: else
     fi;
#endif
     store(0);
     assert(!shown[1] || own == SLOTS);
     isOver = 1
  :: else
  fi
}

/* The end of a thread, at any step or not at all: src/engine/worker-host.ts ended() */
active proctype Death() {
  if
  :: died = 1
  :: skip
  fi
}

/* src/journal/slot-reader.ts copy() and version() */
inline copy(slot) {
  do
  :: v = version[slot];
     if
     :: v == 0 -> break
     :: else
     fi;
#ifdef VALIDATE_BEFORE_COPY
     again = version[slot];
#endif
     a = first[COPY(slot, v)];
     b = second[COPY(slot, v)];
#if defined(VALIDATION_SKIPPED)
     again = v;
#elif !defined(VALIDATE_BEFORE_COPY)
     again = version[slot];
#endif
     if
     :: again == v -> break
     :: else
     fi
  od
}

/* src/journal/slot-index.ts search() and findSlot() */
active proctype Reader() {
  byte v, again, a, b, slot, seen[SLOTS];
  bit found[SLOTS], end;
  do
  :: end = isOver;
     if
     :: slot = 0
     :: slot = 1
     fi;
     if
     :: shown[slot] ->
        found[slot] = 1;
        copy(slot);
        assert(v > 0);
        assert(a == b && a == VALUE(slot, v) && a >= seen[slot]);
        seen[slot] = a
     :: else -> assert(!found[slot])
     fi;
     d_step { v = 0; again = 0; a = 0; b = 0 };
     if
     :: end -> break
     :: else
     fi
  od
}
