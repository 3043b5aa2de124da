// An enum, as TypeScript compiles it.
var Level;
(function (Level) {
  Level[(Level['Low'] = 0)] = 'Low';
  Level[(Level['High'] = 1)] = 'High';
})(Level || (Level = {}));
readings.stage(map((r) => ({ id: r.id, level: r.value > 3 ? Level.High : Level.Low })));
