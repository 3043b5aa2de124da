// What using gives has another name.
readings.stage(filter((r, { limt }) => r.value > limt, { using: { limit: 3 } }));
