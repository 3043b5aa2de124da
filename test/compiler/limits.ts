// A value for functions to capture from another module; it varies, so that no minifier puts a constant in its place.
export let limit = 5;
export function raise(): void {
  limit++;
}
