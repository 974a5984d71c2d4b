import { hostname, userInfo } from "node:os";

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}

/** user@host: who asks, as others see it. */
export const whoWeAre = (): string => `${userName()}@${hostname()}`;

/** user@host/pid: the holder of a run. */
export const holderName = (): string => `${whoWeAre()}/${process.pid}`;
