// The environment of the process.
process.env.LIMIT = '3';
readings.stage(filter(
  (r, { LIMIT }) => r.value > Number(LIMIT),
  { using: { LIMIT: process.env.LIMIT } },
));
