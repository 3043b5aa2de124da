// What is replayed: a file of DBN, or the generated market. The worker that feeds the stages opens it, and who checks them does.
import type { MboColumns } from './columns.js';
import { readDbnFile } from './dbn-file.js';
import { generateMbo } from './generated.js';

/** The path of a file of DBN, or how many records of the generated market. */
export type Input = { readonly file: string } | { readonly generated: number };

export type Batches = Iterable<MboColumns> | AsyncIterable<MboColumns>;

/** Its records. A batch is valid until the next is asked for. */
export function open(input: Input): Batches {
  return 'file' in input ? readDbnFile(input.file) : generateMbo(input.generated);
}
