// The generator's market as batches of columns, instead of a file: endless, reproducible, in constant memory.
import { MboGenerator } from '../../bench/workloads/mbo/generator.js';
import { BATCH, type MboColumns, mboColumns, sliceColumns } from './columns.js';

/** The first records of the generated market. A batch is valid until the next is asked for. */
export function* generateMbo(records: number, batchLength = BATCH): Generator<MboColumns, void, undefined> {
  const market = new MboGenerator();
  const batch = mboColumns(batchLength);
  for (let done = 0; done < records; done += batchLength) {
    const length = Math.min(batchLength, records - done);
    for (let i = 0; i < length; i++) {
      const record = market.next();
      batch.ts[i] = record.ts;
      batch.orderId[i] = BigInt(record.orderId);
      batch.price[i] = BigInt(record.price);
      batch.size[i] = record.size;
      batch.instrumentId[i] = record.instrumentId;
      batch.action[i] = record.action;
      batch.side[i] = record.side;
    }
    yield length === batchLength ? batch : sliceColumns(batch, 0, length);
  }
}
