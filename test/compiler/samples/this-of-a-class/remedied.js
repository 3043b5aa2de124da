// A field of the instance around it.
class Alarm {
  limit = 3;
  stage() {
    return readings.stage(filter((r, { limit }) => r.value > limit, { using: { limit: this.limit } }));
  }
}
new Alarm().stage();
