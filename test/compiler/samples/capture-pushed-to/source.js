// A list of the module, pushed to.
const seen = [];
readings.stage(
  filter((r) => {
    if (seen.includes(r.id)) return false;
    seen.push(r.id);
    return true;
  }),
);
