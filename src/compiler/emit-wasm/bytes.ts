// A growing row of bytes, with the number formats of WebAssembly (LEB128, IEEE 754 little endian).

const INITIAL_BYTES = 256;
const UTF8 = new TextEncoder();
/** A number on its way to its bytes. */
const FLOAT = new DataView(new ArrayBuffer(8));

export class Bytes {
  private data = new Uint8Array(INITIAL_BYTES);
  private end = 0;

  get length(): number {
    return this.end;
  }

  byte(byte: number): this {
    if (this.end === this.data.length) this.grow(1);
    this.data[this.end++] = byte;
    return this;
  }

  /** An unsigned integer below 2^32. */
  unsigned(value: number): this {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.byte((rest % 128) + 128);
    return this.byte(rest);
  }

  /** A signed integer of 32 bits. */
  signed(value: number): this {
    let rest = value;
    for (; rest < -64 || rest > 63; rest >>= 7) this.byte((rest & 127) + 128);
    return this.byte(rest & 127);
  }

  /** A signed integer of 64 bits. */
  signedLong(value: bigint): this {
    let rest = value;
    for (; rest < -64n || rest > 63n; rest >>= 7n) this.byte(Number(rest & 127n) + 128);
    return this.byte(Number(rest & 127n));
  }

  float(value: number, bytes: 4 | 8): this {
    if (bytes === 4) FLOAT.setFloat32(0, value, true);
    else FLOAT.setFloat64(0, value, true);
    for (let i = 0; i < bytes; i++) this.byte(FLOAT.getUint8(i));
    return this;
  }

  /** Their number, then the UTF-8 bytes. */
  name(text: string): this {
    const bytes = UTF8.encode(text);
    return this.unsigned(bytes.length).bytes(bytes);
  }

  bytes(bytes: Uint8Array): this {
    if (this.end + bytes.length > this.data.length) this.grow(bytes.length);
    this.data.set(bytes, this.end);
    this.end += bytes.length;
    return this;
  }

  /** How many there are, then each of them. */
  vector<T>(items: readonly T[], put: (item: T, bytes: this) => void): this {
    this.unsigned(items.length);
    for (const item of items) put(item, this);
    return this;
  }

  /** A section or body: its length in bytes, then its content. */
  sized(content: Bytes): this {
    return this.unsigned(content.length).bytes(content.data.subarray(0, content.end));
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.data.slice(0, this.end);
  }

  private grow(by: number): void {
    const grown = new Uint8Array(Math.max(2 * this.data.length, this.end + by));
    grown.set(this.data);
    this.data = grown;
  }
}
