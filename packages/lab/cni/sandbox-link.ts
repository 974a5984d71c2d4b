import { createHash } from "node:crypto";

/**
 * Name of the host's end of a sandbox's wire. It tells which CNI wired the sandbox, and like every link it is gone after a
 * reboot: a pod whose link is missing has no network, whatever its status says.
 */
export function sandboxLink(by: "flannel" | "cilium", ip: string): string {
  const digest = createHash("sha256").update(ip).digest("hex");
  return by === "flannel" ? `veth${digest.slice(0, 8)}` : `lxc${digest.slice(0, 12)}`;
}
