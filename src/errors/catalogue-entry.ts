// The shape of one entry of the error catalogue.

/** What the catalogue says of one error code: how it reads, when it happens and what to do. */
export interface CatalogueEntry {
  /** `TypeError` for a wrong shape, `RangeError` for a wrong bound, `Error` for everything else. */
  readonly kind: 'TypeError' | 'RangeError' | 'Error';
  /** The message: action, value, limit; no full stop. */
  // biome-ignore lint/suspicious/noExplicitAny: each entry names its own parameters; `fail` checks them.
  readonly message: (params: any) => string;
  /** When it happens, in one sentence. */
  readonly when: string;
  /** What to do about it, in one sentence. */
  readonly remedy: string;
}

export type Catalogue = Readonly<Record<string, CatalogueEntry>>;
