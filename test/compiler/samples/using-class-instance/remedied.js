// An instance of a class, of which only fields are read.
class Limits {
  constructor() {
    this.low = 2;
    this.high = 8;
  }
}
const limits = new Limits();
readings.stage(filter(
  (r, { limits }) => r.value > limits.low && r.value < limits.high,
  { using: { limits: { ...limits } } },
));
