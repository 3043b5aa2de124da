// A field with a wrong letter.
readings.stage(map((r) => ({ id: r.id, v: r.vlaue })));
