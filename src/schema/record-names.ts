// Numbers for the layouts that generated code is about, so that equal ones share their code.
import type { ArrayField, Struct } from './fields.js';
import { fingerprintOf } from './layout.js';

/** Gives each layout in one piece of generated code its number, and remembers which have their code already. */
export class RecordNames {
  private readonly numbers = new Map<string, number>();
  private readonly emitted = new Set<string>();

  /** The number of a struct's code; the same for structs of equal layout. */
  struct(struct: Struct): number {
    return this.number(struct.fingerprint);
  }

  /** The number of an array's code. */
  array(type: ArrayField): number {
    return this.number(fingerprintOf(type));
  }

  /** True the first time it is asked about a layout. */
  claim(fingerprint: string): boolean {
    if (this.emitted.has(fingerprint)) return false;
    this.emitted.add(fingerprint);
    return true;
  }

  private number(fingerprint: string): number {
    const known = this.numbers.get(fingerprint);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(fingerprint, number);
    return number;
  }
}
