/* Bells, as all models with sleeping threads have them: ring() and sleepUntilRung() of src/journal/bell.ts.
 *
 * There are no timeouts: the longest sleep is a safety net that nothing may depend on. A hybrid wait, which looks some
 * times more before it sleeps, has no behaviour that a thread that sleeps at once doesn't have.
 *
 * Broken: RING_WITHOUT_STORE, RING_WITHOUT_NOTIFY, MISSING_RECHECK, BELL_SET_LATE.
 */
#define AWAKE 0
#define ASLEEP 1

bit bell[BELLS];
/* Threads inside of Atomics.wait. */
bit blocked[BELLS];

/* src/memory/atomics.ts sleep(): compares and goes to sleep in one step, as Atomics.wait does. */
inline sleep(own) {
  atomic {
    if
    :: bell[own] == ASLEEP -> blocked[own] = 1
    :: else
    fi
  }
  !blocked[own]
}

/* src/journal/bell.ts ring() */
inline ring(other) {
  if
  :: bell[other] != AWAKE ->
#ifndef RING_WITHOUT_STORE
     bell[other] = AWAKE;
#endif
#ifndef RING_WITHOUT_NOTIFY
     blocked[other] = 0
#endif
  :: else
  fi
}

/* src/journal/bell.ts sleepUntilRung(): LOOK stores into `ready` whether there is something to do. */
#if defined(MISSING_RECHECK)
#define sleepUntilRung(own, LOOK) \
  bell[own] = ASLEEP; \
  sleep(own); \
  bell[own] = AWAKE
#elif defined(BELL_SET_LATE)
#define sleepUntilRung(own, LOOK) \
  LOOK; \
  if \
  :: ready \
  :: else -> bell[own] = ASLEEP; sleep(own) \
  fi; \
  bell[own] = AWAKE
#else
#define sleepUntilRung(own, LOOK) \
  bell[own] = ASLEEP; \
  LOOK; \
  if \
  :: ready \
  :: else -> sleep(own) \
  fi; \
  bell[own] = AWAKE
#endif
