// A loop that writes twice what it reads, and ends what it writes with what it reads.
/** @param {import('../../../../src/index.js').LoopContext<any>} loop */
export default ({ journals: { input, output } }) => {
  const writer = output.writer();
  return () => {
    const read = input.readAll((/** @type {{ n: number }} */ { n }) => writer.write({ n: 2 * n }));
    if (input.isDone) writer.end();
    return read;
  };
};
