// A factor that may change later.
let factor = 1.5;
factor = 2;
readings.stage(map(
  (r, { factor }) => ({ id: r.id, scaled: r.value * factor }),
  { using: { factor } },
));
