import { createHash } from "node:crypto";

/** How a plugin's name for the host's end of a wire begins, and how many letters follow. */
const names = { veth: 8, lxc: 12, cali: 11 } as const;

/**
 * Name of the host's end of a sandbox's wire: "veth" as the plugin `bridge` makes it, "lxc" as Cilium does, "cali" as Calico
 * does. Like every link it is gone after a reboot: a pod whose link is missing has no network, whatever its status says.
 */
export function sandboxLink(kind: keyof typeof names, ip: string): string {
  return kind + createHash("sha256").update(ip).digest("hex").slice(0, names[kind]);
}
