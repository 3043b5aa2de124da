// The models of the journal's protocol: which there are, how they are run, and which breaks each of them has to show.

/**
 * @typedef {object} Model
 * @property {string} name The file, without .pml.
 * @property {readonly string[]} [constants] Further runs of the whole model, each with other constants.
 * @property {boolean} [progress] Whether it is also searched for cycles without progress.
 * @property {readonly string[]} broken The macros that break it: spin has to find an error with each of them.
 * @property {readonly string[]} [stuck] Those with which it goes round without progress.
 */

/** The breaks of bells.pml, which other models include. */
const BELLS = ['RING_WITHOUT_STORE', 'RING_WITHOUT_NOTIFY', 'MISSING_RECHECK', 'BELL_SET_LATE'];

/** @type {readonly Model[]} */
export const MODELS = [
  {
    name: 'ring',
    broken: [
      'NO_PUBLISH',
      'PUBLISH_BEFORE_WRITE',
      'WRAP_OFF_BY_ONE',
      'SLOT_OFF_BY_ONE',
      'SLOWEST_FORGOTTEN',
      'ADVANCE_BEFORE_READ',
      'ADVANCE_TOO_FAR',
      'UNSIGNED_DISTANCE',
      'UNCLAIM_KEEPS_SLOT',
      'END_BEFORE_PUBLISH',
      'END_LOADED_LAST',
    ],
  },
  {
    name: 'bell',
    progress: true,
    broken: [
      ...BELLS,
      'WAKE_BEFORE_STORE',
      'WAKE_BEFORE_ADVANCE',
      'WRITER_BELL_SET_LATE',
      'END_WITHOUT_WAKE',
    ],
  },
  {
    name: 'chain',
    progress: true,
    broken: ['ADVANCE_BEFORE_PUBLISH', 'FULL_UNPUBLISHED', 'WRITER_BELL_UNSET'],
  },
  {
    name: 'join',
    broken: [
      'STATE_BEFORE_POSITION',
      'VERSION_BEFORE_STATE',
      'PLACED_WITHOUT_COMPARING',
      'PLACED_AT_PUBLISHED',
      'LEAVE_WITHOUT_VERSION',
      'LEAVE_WITHOUT_RING',
      'END_WAKES_KNOWN_READERS',
      'DISTANCE_BELOW_ZERO',
      'JOINING_READ',
    ],
  },
  {
    name: 'lines',
    broken: ['TAKEN_BY_STORE', 'FREED_WITHOUT_COMPARING', 'BELL_AFTER_VERSION'],
  },
  {
    name: 'owner',
    constants: ['-DMORTAL'],
    broken: ['TAKEN_WITHOUT_COMPARING', 'LEFT_BEFORE_PUBLISHED', 'JOINED_WHILE_WRITTEN'],
  },
  {
    name: 'handover',
    constants: ['-DREMOVED', '-DUNASKED'],
    broken: [
      'GIVEN_UNPUBLISHED',
      'ENDED_WHILE_WRITTEN',
      'ENDED_AGAIN',
      'FREED_WHILE_FED',
      'JOINED_UNRUNG',
      'JOINED_UNSEEN',
      'STOPPED_UNRUNG',
      'DEATH_UNNOTICED',
    ],
  },
  {
    name: 'retained',
    broken: ['PUBLISH_WAKES_KNOWN_READERS', 'UNPLACED_LINE_TAKEN', 'VERSION_BEFORE_STATE', 'FULL_LATE'],
  },
  {
    name: 'sequence',
    progress: true,
    broken: [
      'STORE_LO_FIRST',
      'STORE_COPY_EARLY',
      'STORE_LO_ONLY',
      'LOAD_IN_ORDER_OF_STORES',
      'LOAD_WITHOUT_COPY',
      'TORN_TAKEN_AT_ONCE',
    ],
    stuck: ['TORN_WAITED_FOR'],
  },
  {
    name: 'lapped',
    constants: ['-DCAPACITY=8 -DRECORDS=12 -DIMMORTAL'],
    broken: [
      'CLAIM_NOT_ANNOUNCED',
      'ANNOUNCE_AFTER_WRITE',
      'ANNOUNCE_TOO_LITTLE',
      'VALIDATION_SKIPPED',
      'VALIDATE_BEFORE_COPY',
      'OLDEST_OFF_BY_ONE',
      'OLDEST_BEYOND_PUBLISHED',
      'CLAIMS_FORGOTTEN',
      'LOSS_NOT_COUNTED',
    ],
  },
  {
    name: 'slots',
    broken: [
      'PUBLISH_BEFORE_WRITE',
      'LATEST_OVERWRITTEN',
      'VALIDATION_SKIPPED',
      'VALIDATE_BEFORE_COPY',
      'KEY_BEFORE_VALUE',
      'USED_FORGOTTEN',
    ],
  },
  {
    name: 'watch',
    broken: [
      'TOLD_BEFORE_PUBLISHED',
      'WATCHER_COUNTED_LATE',
      'BLOCK_LOADED_LAST',
      'RING_WITHOUT_COUNT',
      'RINGS_LOADED_LATE',
      'CHANGES_NOT_LOOKED_FOR',
    ],
  },
];

/** Macros that choose constants, and break nothing. */
export const CONSTANTS = ['CAPACITY', 'RECORDS', 'IMMORTAL', 'MORTAL', 'WRITES', 'UNASKED', 'REMOVED'];

/** The folder of the models. */
export const FOLDER = new URL('./', import.meta.url);
