// Makes the stress program from its sources and those of the journal, as they are or deliberately broken.
import { bundlePatched } from '../patched-bundle.mjs';

export { applyPatches } from '../patched-bundle.mjs';

/**
 * Writes the program.
 *
 * @param {string} name Of the file, in out/stress/.
 * @param {readonly import('../patched-bundle.mjs').Patch[]} [patches]
 * @returns {Promise<string>} Its path.
 */
export function bundleStress(name, patches) {
  return bundlePatched('test/stress/program.ts', `stress/${name}`, patches);
}
