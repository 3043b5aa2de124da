// A helper function of the module.
const fahrenheit = (celsius) => celsius * 1.8 + 32;
readings.stage(map(
  (r, { fahrenheit }) => ({ id: r.id, f: fahrenheit(r.value) }),
  { using: { fahrenheit } },
));
