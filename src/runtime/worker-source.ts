// The worker's script. The build puts another module in place of this one (scripts/share-core.ts), and so does the test
// runner (scripts/embed-worker.ts).

/** The code of a worker, as one script. */
export const workerSource = (): string =>
  "throw new Error('The code of the worker is not embedded: use the built package')";
