// A loop of its own, over next(), which tells how often it went round and how it was told to stop.
/** @param {import('../../../../src/index.js').LoopContext<any>} loop */
export default (loop) => {
  const { input, output } = loop.journals;
  const writer = output.writer();
  let rounds = 0;
  let worked = false;
  while (loop.next(worked)) {
    rounds++;
    worked = input.readAll(() => writer.write({ n: rounds })) > 0;
  }
  writer.write({ n: loop.isStopped ? -rounds : rounds });
  console.log(loop.name, loop.wait, loop.isStopped);
};
