// A class of the module.
class Level {
  constructor(value) {
    this.high = value > 3;
  }
}
readings.stage(map((r) => ({ id: r.id, high: new Level(r.value).high })));
