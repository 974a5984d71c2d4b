/** "1 node", "3 nodes", "2 policies". */
export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  const many = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}${/(s|x|ch)$/.test(noun) ? "es" : "s"}`;
  return `${count} ${many}`;
}

const andMore = (count: number): string => `and ${count} more`;

/** "a, b, c and 2 more"; `unlisted` are others that are not among the names. */
export function someOf(names: readonly string[], most = 3, unlisted = 0): string {
  const shown = names.slice(0, most).join(", ");
  const more = Math.max(0, names.length - most) + unlisted;
  return more > 0 ? `${shown} ${andMore(more)}` : shown;
}

/** The first few lines, and as a last one how many more there are. */
export const fewOf = (lines: readonly string[], most: number): readonly string[] =>
  lines.length > most ? [...lines.slice(0, most), andMore(lines.length - most)] : lines;

export const fullName = (item: { readonly namespace: string; readonly name: string }) =>
  `${item.namespace}/${item.name}`;
