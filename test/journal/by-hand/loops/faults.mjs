// Loops that fail: as their first record says, by throwing, leaving, or never coming back.
import process from 'node:process';

/** @param {import('../../../../src/index.js').LoopContext<any>} loop */
export default ({ journals: { input, output } }) => {
  const writer = output.writer();
  return () =>
    input.readAll((/** @type {{ n: number }} */ { n }) => {
      writer.write({ n });
      if (n === 1) throw new RangeError('one is too many');
      if (n === 2) process.exit(3);
      if (n === 3) {
        writer.flush();
        for (;;);
      }
    });
};
