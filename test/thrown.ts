// What calls throw, told by the codes of errors.

/** The code of the error that a call throws; undefined if it throws none, or one without. */
export function codeOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}
