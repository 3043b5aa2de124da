// Errors of engines: building a graph, feeding it, its workers and its end.
import type { Catalogue } from './catalogue-entry.js';

export const engineErrors = {
  NOT_AN_OPERATOR: {
    kind: 'TypeError',
    message: (p: { what: string; position: number; found: string }) =>
      `Cannot build ${p.what}: argument ${p.position} is ${p.found}, not an operator of roda-rx/operators: import it from there; options come first, and what is of RxJS goes behind the stage, in its \`pipe\``,
    when: 'A stage is given something else than fused operators, for example an RxJS operator.',
    remedy:
      "Import the operator from 'roda-rx/operators' (`import * as op from 'roda-rx/operators'` where names clash), or put the RxJS operator after the stage, in its `pipe`.",
  },
  NOT_A_STRUCT: {
    kind: 'TypeError',
    message: (p: { what: string; found: string }) =>
      `Cannot create ${p.what} of ${p.found}: it takes a struct`,
    when: 'A source, a journal, `compose` or `fused` is given something else than a struct as the layout of its records.',
    remedy: 'Describe the records: `struct({ id: u32, value: f64 })`.',
  },
  NO_OPERATORS: {
    kind: 'TypeError',
    message: (p: { what: string }) => `Cannot build ${p.what}: it needs at least one operator`,
    when: 'A stage, `compose` or `latency` is built without operators.',
    remedy: 'Give it at least one operator.',
  },
  GRAPH_SEALED: {
    kind: 'Error',
    message: (p: { stage: string; source: string }) =>
      `Cannot add stage ${p.stage}: source ${p.source} has taken its first record, which seals its graph`,
    when: 'A stage is added to a graph whose source has already been given a record, or has ended.',
    remedy:
      'Build all stages before the first record; for a pipeline that comes later, use a source of its own or `fused`.',
  },
  GRAPH_REMOVED: {
    kind: 'Error',
    message: (p: { stage: string; source: string }) =>
      `Cannot add stage ${p.stage}: the graph of source ${p.source} has been taken down`,
    when: 'A stage is added to a graph that an aborted `signal` has taken down.',
    remedy: 'Build another pipeline from a new source.',
  },
  ENGINE_CLOSED: {
    kind: 'Error',
    message: (p: { action: string }) => `Cannot ${p.action}: the engine is closed`,
    when: 'An engine is used after `close()`.',
    remedy: 'Create another engine, or close this one later.',
  },
  CLOSE_TIMEOUT: {
    kind: 'Error',
    message: (p: { workers: string; ms: number }) =>
      `Cannot close the engine in order: ${p.workers} did not finish within ${p.ms} ms and was terminated`,
    when: 'A function does not return, or records could not be delivered, within `closeTimeoutMs` of `close()`.',
    remedy: 'Look for an endless loop in the functions of the named stages, or raise `closeTimeoutMs`.',
  },
  SOURCE_FULL: {
    kind: 'RangeError',
    message: (p: { source: string; capacity: number; canWait: boolean }) =>
      `Cannot take a record into source ${p.source}: its ${p.capacity} slots are taken${
        p.canWait
          ? ''
          : ", and a page's main thread can't wait; use `await source.ready()`, `tryNext()` or `consume()`"
      }`,
    when: "The journal of a source with `overflow: 'error'` is full, or it keeps every record and has reached its capacity; or the call is made on the main thread of a page, which may not block.",
    remedy: 'Use `await source.ready()`, `consume()`, another overflow policy, or a larger `capacity`.',
  },
  SOURCE_GIVEN: {
    kind: 'Error',
    message: (p: { source: string; worker: string }) =>
      `Cannot take a record into source ${p.source} on this thread: worker ${p.worker} writes it`,
    when: 'A source is given a record after `engine.worker(module, { source })` has handed its writing to a worker.',
    remedy: 'Write in the worker, or have a source for each thread that writes.',
  },
  SOURCE_NOT_GIVEN: {
    kind: 'Error',
    message: (p: { source: string; worker: string; why: string }) =>
      `Cannot give source ${p.source} to worker ${p.worker}: ${p.why}`,
    when: 'A source is given to an `engine.worker` that another worker writes already, that has ended or been taken down, or that is waiting for room for a record.',
    remedy:
      'Give each source to one worker, before its end, and not from within a call that it has to wait for.',
  },
  SOURCE_FAILED: {
    kind: 'Error',
    message: (p: { source: string; message: string }) =>
      `Source ${p.source} ended with an error of the worker that writes it: ${p.message}`,
    when: "The loop that writes a source called its writer's `fail(error)`, threw, could not be imported, or died with its thread.",
    remedy: "Look at the error's `cause`.",
  },
  WOULD_DEADLOCK: {
    kind: 'Error',
    message: (p: { source: string; why: string }) => `Cannot wait for room in ${p.source}: ${p.why}`,
    when: 'A full journal can only be emptied by the very code that would have to wait for it.',
    remedy:
      'Read the pull reader before writing more, feed back asynchronously (`await source.ready()`), use `tryNext()`, or give the journal more `capacity`.',
  },
  SUBSCRIBER_LAPPED: {
    kind: 'RangeError',
    message: (p: { journal: string; dropped: number }) =>
      `Cannot deliver ${p.dropped} records of ${p.journal}: they were overwritten before the subscriber took them`,
    when: "A subscriber with `overflow: 'error'` is slower than the writer by more than the journal's capacity.",
    remedy:
      "Give the journal more `capacity`, use `overflow: 'drop-oldest'`, or let the writer wait (`block`).",
  },
  STAGE_FAILED: {
    kind: 'Error',
    message: (p: {
      stage: string;
      operator: string | undefined;
      sequence: number | undefined;
      message: string;
    }) =>
      p.operator === undefined
        ? `Stage ${p.stage} failed: ${p.message}`
        : `Stage ${p.stage} failed in ${p.operator} at record ${p.sequence}: ${p.message}`,
    when: 'A function of the stage threw, its journal is full for good, or its worker died.',
    remedy:
      "Look at the error's `stage`, `operator`, `record`, `sequence` and `cause`; with `onError: 'skip'` such records go to `stage.deadLetters` instead.",
  },
  WORKER_DIED: {
    kind: 'Error',
    message: (p: { worker: string; why: string }) => `Worker ${p.worker} died: ${p.why}`,
    when: 'A worker ended without being told to: out of memory, `process.exit`, terminated from outside, or by the engine because one of its stages did not return within `closeTimeoutMs` after its pipeline had been taken down.',
    remedy:
      'Look at the reason; stages in other workers and other engines go on. What is subscribed to anew gets another worker; a stage that may not return has a worker of its own with `placement: { worker: name }`.',
  },
  PARAM_OF_ANOTHER_ENGINE: {
    kind: 'TypeError',
    message: (p: { operator: string; name: string }) =>
      `Cannot use parameter ${p.name} in ${p.operator}: it belongs to another engine`,
    when: 'A live parameter made by one engine is given to an operator, or a worker with a loop, of another.',
    remedy:
      'Make it with `engine.param()` of the engine whose stage uses it; pass that engine to `fused` as `{ engine }`.',
  },
  PARAM_VALUE: {
    kind: 'TypeError',
    message: (p: { found: string }) => `Cannot set a live parameter to ${p.found}: it takes a number`,
    when: 'A live parameter is given something else than a number.',
    remedy: 'Give it a number.',
  },
  OPTION: {
    kind: 'TypeError',
    message: (p: { what: string; option: string; found: string; allowed: string }) =>
      `Cannot create ${p.what}: option ${p.option} is ${p.found}, allowed is ${p.allowed}`,
    when: 'An option has a value that it can not have, or a name that does not exist.',
    remedy: 'Correct the option.',
  },
  OPTIONS: {
    kind: 'TypeError',
    message: (p: { what: string; found: string; allowed: string }) =>
      `Cannot create ${p.what}: its options are ${p.found}, allowed is an object with ${p.allowed}`,
    when: 'Something else than an object is given where options go.',
    remedy: 'Give an object, such as `{ name: … }`, or leave it out.',
  },
  RECORDS_TYPE: {
    kind: 'TypeError',
    message: (p: { source: string; found: string; takes: string }) =>
      `Cannot take records of ${p.found} into source ${p.source}: it takes ${p.takes}`,
    when: '`nextMany` or `consume` is given something that records can not be taken from.',
    remedy:
      'Give `nextMany` an iterable of records or an object with a column for each field, and `consume` an (async) iterable or a ReadableStream; an Observable is subscribed to: `records$.subscribe(source)`.',
  },
  WORKER_IN_INLINE_ENGINE: {
    kind: 'Error',
    message: (p: { stage: string }) =>
      `Cannot place stage ${p.stage} in a worker: its engine is inline, and no other thread sees its memory`,
    when: "A stage of an engine created with `placement: 'inline'` asks for a worker.",
    remedy: "Create the engine without `placement: 'inline'` and place only the light stages inline.",
  },
  SLOTS_UNUSABLE: {
    kind: 'TypeError',
    message: (p: { operator: string; why: string }) =>
      `Cannot write to a slot store in ${p.operator}: ${p.why}`,
    when: 'What `toSlots` is given is not a slot store, or is one of another engine.',
    remedy: 'Create the store with `slots()` of the engine that runs the stage.',
  },
  HISTOGRAM_UNUSABLE: {
    kind: 'TypeError',
    message: (p: { histogram: string; user: string }) =>
      `Cannot use histogram ${p.histogram} in ${p.user}: it belongs to another engine`,
    when: 'A histogram made by one engine is given to an operator of another.',
    remedy: 'Make it with `engine.histogram()` of the engine whose stage or worker records in it.',
  },
  HISTOGRAM_DIFFERS: {
    kind: 'Error',
    message: (p: { histogram: string; digits: number; has: number }) =>
      `Cannot create histogram ${p.histogram} with ${p.digits} digits: one of that name is there, with ${p.has}`,
    when: 'A histogram is asked for by the name of one that keeps another number of digits.',
    remedy: 'Give it another name, or ask for it with the same `digits`, or with none.',
  },
  HISTOGRAM_WRITTEN: {
    kind: 'Error',
    message: (p: { histogram: string; by: string }) =>
      `Cannot record in histogram ${p.histogram}: ${p.by} does`,
    when: 'Two stages, or two `latency` of one stage, measure under one name; or a histogram in which a stage records is recorded in by hand, or the other way round.',
    remedy:
      'Give each a name of its own. Several threads may record by hand in one; histograms can be merged once they are read.',
  },
  HANDLE: {
    kind: 'TypeError',
    message: (p: { what: string; found: string }) =>
      `Cannot open ${p.what} by ${p.found}: it takes the handle of one`,
    when: '`openSlots`, `openHistogram` or `openProgress` is given something else than such a handle.',
    remedy: 'Post `store.handle`, `histogram.handle` or `progress.handle` to the thread, and give it that.',
  },
  HISTOGRAM_PERCENTILE: {
    kind: 'RangeError',
    message: (p: { histogram: string; found: string }) =>
      `Cannot give percentile ${p.found} of histogram ${p.histogram}: it takes numbers from 0 to 100`,
    when: '`percentile()` is asked for something else than a number from 0 to 100.',
    remedy: 'Give it such a number: 99.9 is what all but one of a thousand values are not greater than.',
  },
  HISTOGRAM_VALUE: {
    kind: 'RangeError',
    message: (p: { histogram: string; found: string }) =>
      `Cannot record ${p.found} in histogram ${p.histogram}: it takes numbers from 0 to 2^53 - 1`,
    when: '`record()` of a histogram is given something else than a number from 0 to 2^53 - 1.',
    remedy: 'Give it such a number; fractions are cut off.',
  },
  LATENCY_UNAVAILABLE: {
    kind: 'Error',
    message: (p: { outlet: string; source: string }) =>
      `Cannot measure the latency of ${p.outlet}: source ${p.source} stamps no records`,
    when: '`latency()` of a source or stage is called, and the source was not told to stamp records.',
    remedy: 'Create the source with `{ stampEvery: 100 }`, or 1 for every record.',
  },
  LATENCY_TIMED: {
    kind: 'Error',
    message: (p: { outlet: string; by: string }) =>
      `Cannot measure the latency of ${p.outlet}: it goes to ${p.by} already`,
    when: '`latency()` of a source or stage is called with another name than before.',
    remedy: 'Call it with the same name, or keep what it returned.',
  },
  PROGRESS_WRITTEN: {
    kind: 'Error',
    message: (p: { progress: string; by: string }) => `Cannot count in progress ${p.progress}: ${p.by} does`,
    when: 'Two `progress` have one name.',
    remedy: 'Give each a name of its own.',
  },
  STATE_KEY: {
    kind: 'TypeError',
    message: (p: { stage: string; takes: string; found: string }) =>
      `Cannot use ${p.found} as a key of the state of stage ${p.stage}: its keys are ${p.takes}`,
    when: 'The state of a stage is asked for with a key of another type than those of its records.',
    remedy:
      "Give a key as the operator's key function returns it: a number, bigint, boolean, string, or a tuple of those.",
  },
  STATE_UNAVAILABLE: {
    kind: 'Error',
    message: (p: { stage: string; why: string }) => `Cannot read the state of stage ${p.stage}: ${p.why}`,
    when: 'The state of a stage is asked for that keeps none by key, that has ended, or that keeps several and was not told which.',
    remedy:
      'Ask while the stage runs, and name the operator (`{ operator }`) where a stage keeps several states.',
  },
  LOOP_FAILED: {
    kind: 'Error',
    message: (p: { worker: string; message: string }) =>
      `The loop of worker ${p.worker} failed: ${p.message}`,
    when: 'The module of an `engine.worker` could not be imported, its function threw, or its thread died.',
    remedy:
      "Look at the error's `cause`. Journals and sources that the loop was writing have ended with the same error.",
  },
  JOURNAL_OF_ANOTHER_ENGINE: {
    kind: 'TypeError',
    message: (p: { worker: string; journal: string }) =>
      `Cannot start worker ${p.worker}: journal ${p.journal} belongs to another engine`,
    when: 'A worker is given a journal, or a reader of one, that another engine has made.',
    remedy: 'Make the journal with `engine.journal()` of the engine whose worker uses it.',
  },
  LOOP_STOPPED: {
    kind: 'Error',
    message: (p: { worker: string }) =>
      `Cannot wait any longer in worker ${p.worker}: its loop was told to stop`,
    when: 'The loop of an `engine.worker` is told to stop while it waits for a journal.',
    remedy: 'Let it pass: it ends the loop in order.',
  },
  LOOP_IN_INLINE_ENGINE: {
    kind: 'Error',
    message: (p: { worker: string }) =>
      `Cannot start worker ${p.worker}: its engine is inline, and no other thread sees its memory`,
    when: "A worker is asked of an engine created with `placement: 'inline'`.",
    remedy: "Create the engine without `placement: 'inline'`.",
  },
  PINNING_UNAVAILABLE: {
    kind: 'Error',
    message: (p: { why: string }) => `Cannot pin a thread to a core: ${p.why}`,
    when: 'A core is asked for with `pinCores` or `core`, and this is not Linux, or the optional package `koffi` is missing.',
    remedy: 'On Linux, install it beside roda-rx: `npm install koffi`. Elsewhere leave the option out.',
  },
  CORE: {
    kind: 'RangeError',
    message: (p: { core: unknown; allowed: string }) =>
      `Cannot pin a thread to core ${String(p.core)}: this process may use ${p.allowed}`,
    when: 'A `core` is no core, or none that the process may use.',
    remedy: 'Give one of those that the message names.',
  },
  WORKER_CORE: {
    kind: 'Error',
    message: (p: { worker: string; core: number; pinned: number | undefined }) =>
      `Cannot pin worker ${p.worker} to core ${p.core}: it runs already, ${p.pinned === undefined ? 'on any core' : `on core ${p.pinned}`}`,
    when: 'Stages name one worker with different cores.',
    remedy: 'Give the core with the first stage that names the worker, or the same with each.',
  },
} as const satisfies Catalogue;
