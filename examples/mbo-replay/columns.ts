// Records as columns of one length: how they come from a file or from the generator, and how the source takes them.
import process from 'node:process';

/** Batches have so many records at most. */
export const BATCH = 4_096;

export interface MboColumns {
  readonly ts: BigUint64Array;
  readonly orderId: BigUint64Array;
  readonly price: BigInt64Array;
  readonly size: Uint32Array;
  readonly instrumentId: Uint32Array;
  readonly tsRecv: BigUint64Array;
  readonly action: Uint8Array;
  readonly side: Uint8Array;
}

export function mboColumns(length: number): MboColumns {
  return {
    ts: new BigUint64Array(length),
    orderId: new BigUint64Array(length),
    price: new BigInt64Array(length),
    size: new Uint32Array(length),
    instrumentId: new Uint32Array(length),
    tsRecv: new BigUint64Array(length),
    action: new Uint8Array(length),
    side: new Uint8Array(length),
  };
}

/** Notes in all records that they are handed in now. */
export function stamp(columns: MboColumns): MboColumns {
  columns.tsRecv.fill(process.hrtime.bigint());
  return columns;
}

/** The records from `from` to before `to`: views, not copies. */
export function sliceColumns(columns: MboColumns, from: number, to: number): MboColumns {
  return {
    ts: columns.ts.subarray(from, to),
    orderId: columns.orderId.subarray(from, to),
    price: columns.price.subarray(from, to),
    size: columns.size.subarray(from, to),
    instrumentId: columns.instrumentId.subarray(from, to),
    tsRecv: columns.tsRecv.subarray(from, to),
    action: columns.action.subarray(from, to),
    side: columns.side.subarray(from, to),
  };
}
