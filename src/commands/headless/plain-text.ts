/** Words no wider than `width`; a word that is wider is cut, because a terminal would cut it anyway. */
function wordsOf(text: string, width: number): readonly string[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "gu")) ?? []);
}

/** Text after a head, wrapped so that every further line begins below the text. */
export function hanging(head: string, text: string, columns: number): readonly string[] {
  const width = Math.max(16, columns - head.length);
  const lines: string[] = [];
  for (const word of wordsOf(text, width)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const indent = " ".repeat(head.length);
  return lines.length === 0 ? [head.trimEnd()] : lines.map((line, index) => `${index === 0 ? head : indent}${line}`);
}

/** A name in a column of its own; one that is too long gets a line of its own, so that the rest stays in column. */
export function spread(
  head: string,
  name: string,
  { width, tail }: { readonly width: number; readonly tail: string },
): readonly string[] {
  if (name.length <= width) return [`${head}${name.padEnd(width)}  ${tail}`];
  return [`${head}${name}`, `${" ".repeat(head.length + width)}  ${tail}`];
}
