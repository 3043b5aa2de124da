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
  const helper = nameKeeper(source);
  const keepName = helper === undefined ? '' : `const ${helper} = (named) => named;\n`;
  written = `"use strict";\n${keepName}(${source})()[${boot}]();\n`;
  return written;
}

/** A call up to the name that it is given: `keep(bootWorker, "bootWorker`. */
const CALL_WITH_NAME = new RegExp(`([\\w$]+)\\([\\w$]+,\\s*["'\`]${BOOT}$`);
/** More than such a call has characters. */
const CALL_LENGTH = 200;

/** The function that is called to keep a name. Only where the name stands is it looked for: the source is long. */
function nameKeeper(source: string): string | undefined {
  for (let at = source.indexOf(BOOT); at >= 0; at = source.indexOf(BOOT, at + 1)) {
    const end = at + BOOT.length;
    const call = CALL_WITH_NAME.exec(source.slice(Math.max(0, end - CALL_LENGTH), end));
    if (call !== null && /["'`]/.test(source.charAt(end))) return call[1];
  }
  return undefined;
}
