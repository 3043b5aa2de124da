// Records that tell where they belong: every cell of a record follows from its sequence.
//
// Within 2^32 records no two have a cell in common, so that of whatever records a torn one is made, it shows.
const TWO_32 = 4_294_967_296;

function cellOf(lo: number, hi: number, i: number): number {
  return ((lo ^ Math.imul(i, 0x9e3779b1)) + hi) | 0;
}

/** Writes the record of a sequence into its slot, cell by cell. */
export function writeRecord(i32: Int32Array, address: number, words: number, sequence: number): void {
  const lo = (sequence % TWO_32) | 0;
  const hi = Math.floor(sequence / TWO_32) | 0;
  const first = 2 * address;
  for (let i = 0; i < 2 * words; i++) i32[first + i] = cellOf(lo, hi, i);
}

/** Whether a slot holds the whole record of a sequence. */
export function holdsRecord(i32: Int32Array, address: number, words: number, sequence: number): boolean {
  const lo = (sequence % TWO_32) | 0;
  const hi = Math.floor(sequence / TWO_32) | 0;
  const first = 2 * address;
  for (let i = 0; i < 2 * words; i++) if (i32[first + i] !== cellOf(lo, hi, i)) return false;
  return true;
}

/** What is wrong with a slot that does not hold the record of a sequence. */
export function describeRecord(i32: Int32Array, address: number, words: number, sequence: number): string {
  const hi = Math.floor(sequence / TWO_32) | 0;
  const cells = [...i32.subarray(2 * address, 2 * (address + words))];
  if (cells.every((cell) => cell === 0)) return `an empty slot instead of ${sequence}`;
  // How far from the expected sequence each cell's record is.
  const lo = (sequence % TWO_32) | 0;
  const distances = cells.map((cell, i) => (((cell - hi) ^ Math.imul(i, 0x9e3779b1)) - lo) | 0);
  const [distance = 0] = distances;
  const whole = distances.every((other) => other === distance);
  if (!whole)
    return `a torn record instead of ${sequence}: its cells are ${distances.join(', ')} records off`;
  return `record ${sequence + distance} instead of ${sequence}`;
}
