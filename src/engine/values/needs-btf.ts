import { atLeast, parseVersion } from "./version.ts";

/** Since 1.20.2 Cilium's socket programs are not loaded into a kernel without, and no pod gets a network there (cilium#48778). */
export function needsBtf(version: string): boolean {
  const parsed = parseVersion(version);
  return parsed !== null && atLeast(parsed, 1, 20, 2);
}
