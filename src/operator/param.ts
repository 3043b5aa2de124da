// Live parameters: numbers that functions see and that may change while a stage runs.

/**
 * A live parameter of an engine, made with `engine.param(1.5)`. Given to an operator with `using`, functions see it as
 * the number it is at that moment.
 *
 * A value set before `next()` on the same thread holds for that record and all after it, until another is set. Setting it
 * waits until the records taken before have been processed, so that they see the value that they were taken under; only
 * from within a delivery, or while a pull reader holds the pipeline back, does it take effect at once.
 */
export interface Param {
  readonly kind: 'param';
  /** The word address of its f64 in the engine's memory. */
  readonly address: number;
  /** Which engine it belongs to. */
  readonly owner: object;
  /** Its value, any number; assigning something else throws PARAM_VALUE (TypeError). */
  value: number;
}

/** Whether a value is a live parameter. */
export function isParam(value: unknown): value is Param {
  return (
    typeof value === 'object' && value !== null && (value as Param).kind === 'param' && 'address' in value
  );
}
