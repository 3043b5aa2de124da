// Makes the stress program from its sources and those of the journal, as they are or deliberately broken.
import { bundlePatched } from '../patched-bundle.mjs';

export { applyPatches } from '../patched-bundle.mjs';

/** Workers of engines sleep for so long that a call which is lost is noticed. */
const PARK_FOR_EVER = {
  file: 'src/journal/wait.ts',
  from: 'export const PARK_MS = 1_000;',
  to: 'export const PARK_MS = 3_600_000;',
};

/**
 * Writes the program.
 *
 * @param {string} name Of the file, in out/stress/.
 * @param {readonly import('../patched-bundle.mjs').Patch[]} [patches]
 * @returns {Promise<string>} Its path.
 */
export function bundleStress(name, patches = []) {
  return bundlePatched('test/stress/program.ts', `stress/${name}`, [PARK_FOR_EVER, ...patches]);
}
