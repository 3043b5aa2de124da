/* Following the changes of a slot store: a writer, and two threads that sleep on one count of rings.
 *
 * There are two slots of one block. The writer changes them, the last time slot 0, whose value then says that it is the last.
 * Checked: nobody who follows sleeps for ever while there is a version that it has not seen (an invalid end state), and who has
 * seen the last one has seen all.
 *
 * Broken: TOLD_BEFORE_PUBLISHED, WATCHER_COUNTED_LATE, BLOCK_LOADED_LAST, RING_WITHOUT_COUNT, RINGS_LOADED_LATE,
 * CHANGES_NOT_LOOKED_FOR.
 */
#ifndef WRITES
#define WRITES 2
#endif
#define SLOTS 2
#define FOLLOWERS 2

byte version[SLOTS];
byte watchers;
bit sleeping;
byte rings;
byte block;
/* The version of slot 0 whose value says that it is the last. */
byte lastVersion;

/* src/journal/slot-watch.ts wakeWatchers(): who sleeps on the count is notified. */
inline wakeWatchers() {
  if
  :: sleeping ->
     sleeping = 0;
#ifndef RING_WITHOUT_COUNT
     rings++
#endif
  :: else
  fi
}

/* src/journal/slot-writer.ts tell() */
inline tell() {
  if
  :: watchers > 0 -> block++; wakeWatchers()
  :: else
  fi
}

/* src/journal/slot-writer.ts publish() */
inline publish(slot, isLast) {
#ifdef TOLD_BEFORE_PUBLISHED
  tell();
#endif
  d_step {
    version[slot] = version[slot] + 1;
    if
    :: isLast -> lastVersion = version[slot]
    :: else
    fi
  };
#ifndef TOLD_BEFORE_PUBLISHED
  tell()
#endif
}

/* src/journal/slot-writer.ts store() */
active proctype Writer() {
  byte written;
  do
  :: written < WRITES ->
     if
     :: true -> publish(0, 0)
     :: true -> publish(1, 0)
     fi;
     written++
  :: written == WRITES -> break
  od;
  publish(0, 1)
}

/* src/journal/slot-watch.ts lookAt() and src/journal/slot-reader.ts version() */
inline lookAt() {
  seen[0] = version[0];
  seen[1] = version[1]
}

/* src/journal/slot-watch.ts look() and constructor() and sleep() and hasChanges() and close() */
active [FOLLOWERS] proctype Follower() {
  byte seenBlock, ownRings, seen[SLOTS];
#ifdef WATCHER_COUNTED_LATE
  seenBlock = block;
  lookAt();
  watchers++;
#else
  watchers++;
  seenBlock = block;
  lookAt();
#endif
  do
  :: if
     :: block != seenBlock ->
#ifdef BLOCK_LOADED_LAST
        lookAt();
        seenBlock = block
#else
        seenBlock = block;
        lookAt()
#endif
     :: else
     fi;
     if
     :: lastVersion > 0 && seen[0] == lastVersion -> break
     :: else
     fi;
#ifndef RINGS_LOADED_LATE
     ownRings = rings;
#endif
     sleeping = 1;
#ifdef RINGS_LOADED_LATE
     ownRings = rings;
#endif
     if
#ifdef CHANGES_NOT_LOOKED_FOR
     :: true ->
#else
     :: block != seenBlock
     :: else ->
#endif
        rings != ownRings
     fi
  od;
  watchers--;
  assert(seen[0] == version[0] && seen[1] == version[1])
}
