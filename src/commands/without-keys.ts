/**
 * What a remedy's key does, as a command: remedies are written for the panel, and lines are read where no key can be pressed.
 * A step of the run itself is retried by starting it again; of a node it takes a command that names the node.
 */
const commands = (node: string): readonly (readonly [RegExp, string])[] => [
  [/ \(r retries, u undoes it\)/, `; crossfade skip ${node} leaves it out`],
  [/ \(r retries(, U undoes all)?\)/, ""],
  [
    /\br moves it again, s leaves it out/,
    `crossfade retry ${node} moves it again, crossfade skip ${node} leaves it out`,
  ],
  [/\(s leaves the node out\)/, `(crossfade skip ${node} leaves the node out)`],
  [/press r to go on waiting, or u to undo/, `run crossfade retry ${node} to go on waiting, or crossfade undo ${node}`],
  [/press U to undo the installation/, "undo the installation with crossfade undo --all"],
  [/press b\b/, `run crossfade retry --rebooted ${node}`],
  [/press r\b/, `run crossfade retry ${node}`],
  [/press u\b/, `run crossfade undo ${node}`],
  [/press s\b/, `run crossfade skip ${node}`],
];

/** The remedy for whoever reads lines; `node` where it is about one. */
export function withoutKeys(remedy: string, node: string | null = null): string {
  const text = node === null ? remedy.replace(/press r( to retry)?\b(?! to go)/, "run the same command again") : remedy;
  return commands(node ?? "NODE").reduce((left, [key, command]) => left.replace(key, command), text);
}
