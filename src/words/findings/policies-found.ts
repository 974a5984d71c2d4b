import { counted } from "../../engine/model/some-of.ts";
import { fewOf, inBrackets } from "./found.ts";

interface Policies {
  readonly count: number;
  readonly kinds: readonly string[];
  readonly first: readonly string[];
  readonly more: number;
}

/** Policies by number and kind, and some by name: kinds that were only counted have none to be said. */
export const policies = ({ count, kinds, ...names }: Policies) =>
  `${counted(count, "policy")}${inBrackets([kinds.join(", ")])}${names.first.length === 0 ? "" : `, ${fewOf(names)},`}`;

/** Those of them whose result Cilium does not give. */
export const unfitOf = ({ unfit, moreUnfit }: { readonly unfit: readonly string[]; readonly moreUnfit: number }) =>
  unfit.length === 0 ? "" : `. Another result, or none, in Cilium: ${fewOf({ first: unfit, more: moreUnfit })}`;

/** What pods that they select are meanwhile. */
export const open = (pods: number) =>
  pods === 0
    ? "a pod that they select would accept everything (0 pods now)"
    : `${pods === 1 ? "the 1 pod that they select accepts" : `the ${pods} pods that they select accept`} everything`;

/** How long that lasts. */
export const forMinutes = (minutes: number) =>
  `about ${counted(minutes, "minute")} by the plan's estimate, and the time for your consents`;
