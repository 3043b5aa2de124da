// Source text that copies some fields of a record: what a state keeps of records that have more.
import { type Struct, sizeOf } from '../../schema/index.js';
import { index } from './edit-fields.js';

const ARRAYS: Readonly<Record<number, string>> = { 1: 'U8', 2: 'U16', 4: 'U32', 8: 'F64' };

/**
 * Assignments that copy the fields of `to` from a record with the layout of `from`; undefined where that takes more than
 * copying scalars.
 *
 * @param source An expression for the word address of the record that is copied, `target` for that of the copy.
 */
export function keptFieldsSource(
  from: Struct,
  to: Struct,
  source: string,
  target: string,
): string | undefined {
  const lines: string[] = [];
  for (const field of to.layout.fields) {
    const given = from.layout.fields.find((one) => one.name === field.name);
    if (field.type.kind !== 'scalar' || given?.type.kind !== 'scalar' || given.type.type !== field.type.type)
      return undefined;
    const bytes = sizeOf(field.type);
    // Integers of 64 bits go by halves: as doubles they could be NaN, which may change its bits.
    const unit = bytes === 8 && field.type.type !== 'f64' ? 4 : bytes;
    for (let at = 0; at < bytes; at += unit) {
      const put = index(unit, field.offset + at).join(target);
      const get = index(unit, given.offset + at).join(source);
      lines.push(`${ARRAYS[unit]}[${put}] = ${ARRAYS[unit]}[${get}];`);
    }
  }
  return lines.join(' ');
}
