// A function that calls itself.
readings.stage(
  map(
    (r, { factorial }) => ({ id: r.id, all: factorial(r.id) }),
    { using: { factorial: function factorial(n) { return n < 2 ? 1 : n * factorial(n - 1); } } },
  ),
);
