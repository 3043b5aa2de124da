// A thread of a user's own: opens the journals that it is given, and checks or copies what it reads.
import { parentPort, workerData } from 'node:worker_threads';
import { type JournalHandle, openJournal } from 'roda-rx';

type Item = { n: number; twice: number; thrice: number };
const { task, input, output } = workerData as {
  task: 'copy' | 'check' | 'texts';
  input: JournalHandle<Item>;
  output?: JournalHandle<Item>;
};

if (task === 'texts') {
  const journal = openJournal(input as unknown as JournalHandle<{ name: string }>);
  const seen: string[] = [];
  journal.reader({ from: 'start' }).readAll((r) => seen.push(r.name));
  let code: unknown;
  const writer = openJournal(output as unknown as JournalHandle<{ name: string }>).writer();
  writer.write({ name: seen[0] as string });
  try {
    writer.write({ name: 'new' });
  } catch (error) {
    ({ code } = error as { code: unknown });
  }
  writer.end();
  parentPort?.postMessage({ seen, code });
} else {
  const overflow = task === 'copy' ? 'block' : 'drop-oldest';
  const reader = openJournal(input).reader({ overflow });
  const writer = output && openJournal(output).writer();
  parentPort?.postMessage('ready');
  let read = 0;
  let torn = 0;
  let next = -1;
  while (reader.wait()) {
    reader.readAll((r, sequence) => {
      const { n, twice, thrice } = r;
      if (n !== sequence || twice !== 2 * n || thrice !== 3 * n || n <= next) torn++;
      next = n;
      read++;
      writer?.write({ n, twice, thrice });
    });
    writer?.flush();
  }
  writer?.end();
  parentPort?.postMessage({ read, torn, lost: reader.lost, last: next, isDone: reader.isDone });
  reader.close();
}
