import { createHash } from "node:crypto";

/**
 * Name of the host's end of a sandbox's wire: "veth" as the plugin `bridge` makes it, "lxc" as Cilium does. Like every link it
 * is gone after a reboot: a pod whose link is missing has no network, whatever its status says.
 */
export function sandboxLink(kind: "veth" | "lxc", ip: string): string {
  const digest = createHash("sha256").update(ip).digest("hex");
  return kind === "veth" ? `veth${digest.slice(0, 8)}` : `lxc${digest.slice(0, 12)}`;
}
