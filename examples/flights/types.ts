// What comes out of the pipeline, as plain objects.

/** One airport's hour, when a flight of a later hour has closed it. */
export interface Hour {
  readonly airport: string;
  /** Hours since 1970. */
  readonly hour: number;
  readonly flights: number;
  /** Minutes. */
  readonly average: number;
}

/** The average delay of an airport rose sharply from one hour to the next. */
export interface Alert {
  readonly airport: string;
  /** Hours since 1970. */
  readonly hour: number;
  /** The hour's flights and average delay in minutes when the alert was raised: the hour may go on. */
  readonly flights: number;
  readonly average: number;
  /** The average delay of the hour before, in minutes. */
  readonly before: number;
}
