// The pipeline: measurements → how far each is from what is usual for its metric → alerts, one a spell.
import { f64, type Infer, type Source, struct, text, u53 } from 'roda-rx';
import { filter, stateful, step } from 'roda-rx/operators';

/** `time` in seconds since 1970. */
export const Measurement = struct({ metric: text, time: u53, value: f64 }, 'Measurement');
export type Measurement = Infer<typeof Measurement>;

/** An alert: when a spell of unusual measurements begins. */
export const Alert = struct({ metric: text, time: u53, value: f64, usual: f64, score: f64 }, 'Alert');
export type Alert = Infer<typeof Alert>;

/** How the detector is set; the same for all metrics. */
export interface Detector {
  /** Measurements of a metric before it may raise an alert. */
  readonly warmUp: number;
  /** The weight of a measurement in what is usual, once warm. */
  readonly slow: number;
  /** The weight of a measurement in what is now: 1 would be the measurement alone. */
  readonly fast: number;
  /** What is now has to be so many usual deviations away. */
  readonly threshold: number;
  /** A measurement counts as no more than so many usual deviations away in what is usual: one that is far out hardly moves it. */
  readonly clip: number;
  /** A spell ends when nothing has been unusual for so many seconds. */
  readonly quiet: number;
}

/** Two days of measurements every five minutes to warm up; a day of quiet between alerts. */
export const DETECTOR: Detector = {
  warmUp: 576,
  slow: 0.003,
  fast: 0.5,
  threshold: 5,
  clip: 10,
  quiet: 86_400,
};

/** The stages over a source of measurements, those of each metric in order of time. */
export function healthStages(measurements: Source<Measurement>, detector: Detector = DETECTOR) {
  const scores = measurements.stage(
    { name: 'scores' },
    stateful(
      (m) => m.metric,
      (m) => ({
        metric: m.metric,
        time: m.time,
        value: m.value,
        seen: 1,
        usual: m.value,
        deviation: 0,
        now: m.value,
        score: 0,
      }),
      (s, m, { warmUp, slow, fast, clip }) => {
        s.time = m.time;
        s.value = m.value;
        s.seen += 1;
        s.now += (m.value - s.now) * fast;
        s.score = s.deviation > 0 ? Math.abs(s.now - s.usual) / s.deviation : 0;
        // While it warms up all measurements weigh the same.
        const weight = Math.max(slow, 1 / s.seen);
        const most = s.seen > warmUp ? clip * s.deviation : Infinity;
        const distance = Math.max(-most, Math.min(most, m.value - s.usual));
        s.usual += weight * distance;
        s.deviation += weight * (Math.abs(distance) - s.deviation);
      },
      { using: { ...detector } },
    ),
  );

  const alerts = scores.stage(
    { name: 'alerts' },
    filter((s, { warmUp, threshold }) => s.seen > warmUp && s.score > threshold, { using: { ...detector } }),
    step(
      (s, last, emit, { quiet }) => {
        if (!last.exists || s.time - last.value.time > quiet) {
          emit({ metric: s.metric, time: s.time, value: s.value, usual: s.usual, score: s.score });
        }
        last.set({ time: s.time });
      },
      { key: (s) => s.metric, state: struct({ time: u53 }), out: Alert, using: { ...detector } },
    ),
  );

  return { scores, alerts };
}
