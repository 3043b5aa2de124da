// Settings in an object.
const config = { limits: { low: 2, high: 8 } };
readings.stage(filter(
  (r, { config }) => r.value > config.limits.low && r.value < config.limits.high,
  { using: { config } },
));
