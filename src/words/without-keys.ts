type Rules = readonly (readonly [RegExp, string])[];

/**
 * What a key does that a failure's remedy names, as a command: remedies are still sentences for the panel, and lines are
 * read where no key can be pressed. Every command here goes on by itself where no engine runs.
 */
const ofNode = (node: string): Rules => [
  [/\(s leaves the node out\)/, `(crossfade skip ${node} leaves the node out)`],
  [
    /press r to keep waiting, or u to roll back/,
    `run crossfade retry ${node} to go on waiting, or crossfade rollback ${node}`,
  ],
  [/press b\b/, `run crossfade retry --rebooted ${node}`],
  [/or key b once it was restarted/, `or crossfade retry --rebooted ${node} once it was restarted`],
  [/press r\b/, `run crossfade retry ${node}`],
  [/press u\b/, `run crossfade rollback ${node}`],
  [/press s\b/, `run crossfade skip ${node}`],
];

const ofRun: Rules = [
  [/press U to roll the installation back/, "roll the installation back with crossfade rollback --all"],
  [/ \(U\)/, " (crossfade rollback --all)"],
  [/end this one with q, then start crossfade again to go on with theirs/, "crossfade shows theirs"],
];

export interface About {
  /** Where it is about one. */
  readonly node?: string | null;
  /** What does again what failed, where it is not about a node. */
  readonly again?: string;
}

/** The remedy for whoever reads lines. */
export function withoutKeys(remedy: string, { node = null, again = "the same command again" }: About = {}): string {
  const text = node === null ? remedy.replace(/press r( to retry)?\b(?! to go)/, `run ${again}`) : remedy;
  return [...ofRun, ...ofNode(node ?? "NODE")].reduce((left, [key, said]) => left.replace(key, said), text);
}
