// The worker's code as text. Builds and tests put the bundle of worker-main.ts in this module's place.

/** A whole script, for `new Worker(workerSource, { eval: true })` in Node or a Blob in browsers. */
export const workerSource: string = '';
