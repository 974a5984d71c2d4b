/** What a remedy's key does, as a command: remedies are written for the panel, and lines are read where no key can be pressed. */
const commands: readonly (readonly [RegExp, string])[] = [
  [/\(s leaves the node out\)/, "(--exclude leaves the node out)"],
  [/press r to go on waiting, or u to undo/, "run the same command again to go on waiting, or crossfade undo NODE"],
  [/press U to undo the installation/, "undo the installation with crossfade undo --all"],
  [/press r to retry/, "run the same command again"],
];

/** The remedy for whoever reads lines. */
export function withoutKeys(remedy: string): string {
  return commands.reduce((text, [key, command]) => text.replace(key, command), remedy);
}
