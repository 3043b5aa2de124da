// The script of the worker for files; the build and the test runner put the bundle of file-worker-main.ts in its place.

/** The code of the worker for files, as one script. */
export const workerSource = (): string =>
  "throw new Error('The code of the worker is not embedded: use the built package')";
