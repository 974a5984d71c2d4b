/** "1 node", "3 nodes", "2 policies". */
export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  const many = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}${/(s|x|ch)$/.test(noun) ? "es" : "s"}`;
  return `${count} ${many}`;
}

/** The first few names, and how many more there are. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export const fullName = (item: { readonly namespace: string; readonly name: string }) =>
  `${item.namespace}/${item.name}`;
