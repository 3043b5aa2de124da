// A loop that tries to write more than there is room for, without waiting, and counts its rounds.
/** @param {import('../../../../src/index.js').LoopContext<any>} loop */
export default (loop) => {
  const { output, rounds } = loop.journals;
  const writer = output.writer();
  const counter = rounds.writer();
  let n = 0;
  let count = 0;
  return () => {
    counter.write({ n: ++count });
    counter.flush();
    const before = n;
    while (n < 100 && writer.tryWrite({ n })) n++;
    return n > before;
  };
};
