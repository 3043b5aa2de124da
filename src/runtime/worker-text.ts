// The worker's script, taken from the source of a function of the package that closes over nothing.

/** A name that is in the function; where it is kept, so are all. */
const BOOT = 'bootWorker';

let written: string | undefined;

/**
 * The script of a worker.
 *
 * @param core A function that sees nothing but globals, and returns an array.
 * @param boot The position in that array of the function that makes a thread a worker.
 */
export function workerText(core: () => unknown, boot: number): string {
  if (written !== undefined) return written;
  const source = Function.prototype.toString.call(core);
  // Where a bundler keeps names (esbuild's keepNames), calls of a helper are in the function, under whatever name it got.
  const helper = new RegExp(`([\\w$]+)\\([\\w$]+,\\s*["'\`]${BOOT}["'\`]`).exec(source)?.[1];
  const keepName = helper === undefined ? '' : `const ${helper} = (named) => named;\n`;
  written = `"use strict";\n${keepName}(${source})()[${boot}]();\n`;
  return written;
}
