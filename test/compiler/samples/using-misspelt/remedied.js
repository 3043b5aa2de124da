// What using gives has another name.
readings.stage(filter((r, { limit: limt }) => r.value > limt, { using: { limit: 3 } }));
