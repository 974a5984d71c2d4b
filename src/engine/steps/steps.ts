import type { Step } from "../model/step.ts";
import { cordon } from "./cordon.ts";
import { drain } from "./drain.ts";
import { enableCilium } from "./enable-cilium.ts";
import { precheck } from "./precheck.ts";
import { reboot } from "./reboot.ts";
import { recyclePods } from "./recycle-pods.ts";
import { restartAgent } from "./restart-agent.ts";
import { soak } from "./soak.ts";
import { uncordon } from "./uncordon.ts";
import { verify } from "./verify.ts";
import { waitReady } from "./wait-ready.ts";

/** The migration of one node, from the first look to the last. */
export const steps: readonly Step[] = [
  precheck,
  cordon,
  drain,
  enableCilium,
  restartAgent,
  reboot,
  waitReady,
  recyclePods,
  verify,
  uncordon,
  soak,
];
