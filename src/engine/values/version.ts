/** A version as its parts; a pre-release's suffix is kept apart. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly suffix: string;
}

/** Reads "1.18.12", "v1.33.4+k3s1" and "5.10.0-21-amd64"; null for what begins with no such number. */
export function parseVersion(text: string): Version | null {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(.*)$/.exec(text.trim());
  if (!match) return null;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0), suffix: match[4] ?? "" };
}

/** Whether a version is at least major.minor.patch; the suffix does not count. */
export function atLeast(version: Version, major: number, minor: number, patch = 0): boolean {
  const left = [version.major, version.minor, version.patch];
  const right = [major, minor, patch];
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs === -1 || (left[differs] ?? 0) > (right[differs] ?? 0);
}

/** "1.18" of 1.18.12: what Cilium's support matrix is kept by. */
export function lineOf({ major, minor }: Version): string {
  return `${major}.${minor}`;
}
