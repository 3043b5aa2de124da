// A counter of the module in a predicate.
let seen = 0;
readings.stage(filter((r) => ++seen % 2 === 1));
