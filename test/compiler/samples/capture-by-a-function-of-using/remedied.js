// A helper given with using that itself captures.
const offset = 32;
const fahrenheit = (celsius) => celsius * 1.8 + offset;
readings.stage(map(
  (r, { fahrenheit }) => ({ f: fahrenheit(r.value) }),
  { using: { fahrenheit: withUsing((celsius, { offset }) => celsius * 1.8 + offset, { offset }) } },
));
