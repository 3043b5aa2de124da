// The worker's bundled code; the build and the test runner put the bundle of worker-main.ts in place of this module.

/** The code of a worker, as one script. */
export const workerSource: string =
  "throw new Error('The code of the worker is not embedded: use the built package')";
