const tails = new WeakMap<readonly string[], string>();

/** The domain that all node names share, such as ".eu-west-1.compute.internal"; it tells none from another. */
function sharedTail(names: readonly string[]): string {
  const known = tails.get(names);
  if (known !== undefined) return known;
  const first = names[0] ?? "";
  const dot = first.indexOf(".");
  const tail = dot > 0 ? first.slice(dot) : "";
  const shared = names.length > 1 && tail !== "" && names.every((name) => name.endsWith(tail)) ? tail : "";
  tails.set(names, shared);
  return shared;
}

/** A node's name in a list of all of them. */
export function shortName(names: readonly string[], name: string): string {
  const tail = sharedTail(names);
  return tail !== "" && name.endsWith(tail) ? name.slice(0, -tail.length) : name;
}
