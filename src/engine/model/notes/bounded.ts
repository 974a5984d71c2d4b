const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most)}…`);

/** As many of them as there is room for, with a mark where others were cut off. */
function cutList(texts: readonly string[], most: number): readonly string[] {
  let room = most;
  const kept = texts.filter((text) => {
    room -= text.length;
    return room >= 0;
  });
  if (kept.length === texts.length) return texts;
  return kept.length === 0 ? [cut(texts[0] ?? "", most)] : [...kept, "…"];
}

const areTexts = (list: readonly unknown[]): list is readonly string[] => list.every((one) => typeof one === "string");

/** Plain data with no text, and no list of texts, longer than so many characters: what a cluster says may be of any length. */
export function bounded<T>(value: T, most: number): T {
  if (typeof value === "string") return cut(value, most) as T;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return (areTexts(list) ? cutList(list, most) : list.map((one) => bounded(one, most))) as T;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, bounded(one as unknown, most)])) as T;
}
