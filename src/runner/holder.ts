import { hostname, userInfo } from "node:os";

/** user@host: who asks, as others see it. */
export const whoWeAre = (): string => `${userInfo().username}@${hostname()}`;

/** user@host/pid: the holder of a run. */
export const holderName = (): string => `${whoWeAre()}/${process.pid}`;
