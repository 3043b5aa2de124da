// A growing row of bytes, with the number formats of WebAssembly (LEB128, IEEE 754 little endian).

export class Bytes {
  private readonly data: number[] = [];

  get length(): number {
    return this.data.length;
  }

  byte(...bytes: number[]): this {
    for (const byte of bytes) this.data.push(byte);
    return this;
  }

  /** An unsigned integer below 2^32. */
  unsigned(value: number): this {
    let rest = value;
    while (rest > 127) {
      this.data.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.data.push(rest);
    return this;
  }

  /** A signed integer of 32 bits. */
  signed(value: number): this {
    let rest = value;
    for (; rest < -64 || rest > 63; rest >>= 7) this.data.push((rest & 127) + 128);
    this.data.push(rest & 127);
    return this;
  }

  /** A signed integer of 64 bits. */
  signedLong(value: bigint): this {
    let rest = value;
    for (; rest < -64n || rest > 63n; rest >>= 7n) this.data.push(Number(rest & 127n) + 128);
    this.data.push(Number(rest & 127n));
    return this;
  }

  float(value: number, bytes: 4 | 8): this {
    const view = new DataView(new ArrayBuffer(8));
    if (bytes === 4) view.setFloat32(0, value, true);
    else view.setFloat64(0, value, true);
    for (let i = 0; i < bytes; i++) this.data.push(view.getUint8(i));
    return this;
  }

  /** Their number, then the UTF-8 bytes. */
  name(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.unsigned(bytes.length).byte(...bytes);
  }

  append(other: Bytes): this {
    for (const byte of other.data) this.data.push(byte);
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
    return this.unsigned(content.length).append(content);
  }

  take(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.data);
  }
}
