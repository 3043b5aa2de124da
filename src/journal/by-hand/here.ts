// Who of this thread uses a journal: a writer must not wait for a reader of its own thread, nor a reader for its writer.

/** The writer of a journal, as other users of the same thread see it. */
export interface WriterHere {
  /** Publishes what was taken. */
  flush(): void;
  /** Looks for readers that join, and places them. */
  meetReaders(): void;
  /** The sequence of the next record to be written. */
  readonly next: number;
  /** Ends the journal. */
  end(): void;
}

/** A reader that its writer waits for. */
export interface GatingReaderHere {
  /** The sequence of the first record that it holds; -1 while it has none. */
  readonly holds: number;
}

export interface UsersHere {
  writer: WriterHere | undefined;
  readonly gating: Set<GatingReaderHere>;
}

const journals = new WeakMap<ArrayBufferLike, Map<number, UsersHere>>();

/** The users of a journal in this thread, by the address of its region. */
export function usersHere(buffer: ArrayBufferLike, address: number): UsersHere {
  let known = journals.get(buffer);
  if (known === undefined) {
    known = new Map();
    journals.set(buffer, known);
  }
  let users = known.get(address);
  if (users === undefined) {
    users = { writer: undefined, gating: new Set() };
    known.set(address, users);
  }
  return users;
}

/** Forgets a journal whose region is free. */
export function forgetHere(buffer: ArrayBufferLike, address: number): void {
  journals.get(buffer)?.delete(address);
}
