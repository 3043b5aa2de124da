// Defaults and rest of parameters.
readings.stage(map(({ id, value = 0, ...rest }) => ({ id, value, x: rest.pos.x })));
