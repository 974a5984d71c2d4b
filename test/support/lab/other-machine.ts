import type { Journey, JourneyLab } from "../panel/journey.ts";

/** As another machine, or another user, finds the same cluster: nothing in common but the kubeconfig. */
export function otherMachine({ env }: JourneyLab, other: Journey): Record<string, string> {
  return { ...other.env, KUBECONFIG: env.KUBECONFIG ?? "", PATH: env.PATH ?? "" };
}
