// A value for functions to capture from another module; not a constant that minifiers would put in its place.
export const limit = Number('5');
