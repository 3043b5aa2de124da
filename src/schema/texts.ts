// What generated code asks of a text table.

/** Texts and their ids. */
export interface Texts {
  /** The text of an id. */
  string(id: number): string;
  /** The id of a text; throws TEXT_UNKNOWN if it has none. */
  id(text: string): number;
  /** The id of a text, or -1 if this thread knows none; never throws. */
  idIfKnown(text: string): number;
  /** The id of a text, which gets one if it has none; throws TEXT_TABLE_FULL. Only on the thread that owns the table. */
  intern(text: string): number;
}
