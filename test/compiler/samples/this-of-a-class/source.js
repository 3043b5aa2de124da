// A field of the instance around it.
class Alarm {
  limit = 3;
  stage() {
    return readings.stage(filter((r) => r.value > this.limit));
  }
}
new Alarm().stage();
