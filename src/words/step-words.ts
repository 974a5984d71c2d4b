import { doing } from "./audience.ts";
import type { SayersOf } from "./said.ts";

const clock = (at: number) => new Date(at).toISOString().slice(11, 19);

/** What steps of nodes wait for. */
export const stepWords: SayersOf<"reboot-by-hand" | "soak" | "kubelet-silent" | "node-unready"> = {
  "reboot-by-hand": ({ node }, { name, ask }) => ({
    text: `you to reboot ${node}: its pods are drained and it is cordoned`,
    clearedBy: `its bootID changing, or ${name === "panel" ? "key " : ""}${ask.rebooted(node)} once it was restarted`,
  }),
  soak: ({ until }) => ({ text: `the soak time, until ${clock(until)}`, clearedBy: "time" }),
  "kubelet-silent": ({ node, since }, audience) => ({
    text: `${node} to come back: its kubelet is silent${since === null ? "" : ` since ${clock(since)} UTC`}`,
    clearedBy: "its kubelet",
    remedy: `power ${node} on and ${doing(audience, "retry", node)}, or ${doing(audience, "skip", node)} to move the others meanwhile; once it is gone for good: kubectl delete node ${node}, and the run lets it go`,
  }),
  "node-unready": ({ node, why }, audience) => ({
    text: `${node} to be Ready${why === "" ? "" : ` (${why})`}`,
    clearedBy: "its kubelet",
    remedy: `repair ${node} and ${doing(audience, "retry", node)}, or ${doing(audience, "rollback", node)} to roll it back`,
  }),
};
