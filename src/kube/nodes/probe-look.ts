import type { ProbeLook } from "../../engine/model/ports/prober.ts";
import type { ExecAnswer } from "../client/kube-client.ts";

const btf = "/sys/kernel/btf/vmlinux";

/** Neither is a secret, and both are there in a container without any right: the kernel's, and its pod's own network. */
export const lookCommands = {
  btf: ["ls", "-1", btf],
  mtu: ["cat", "/sys/class/net/eth0/mtu"],
} as const;

/** A command that failed in another way than by finding nothing says nothing of the node. */
export function lookOf(answers: Readonly<Record<keyof typeof lookCommands, ExecAnswer>>): ProbeLook {
  const { btf: listed, mtu } = answers;
  const isMissing = listed.exitCode !== 0 && /no such file/i.test(listed.stderr);
  const bytes = Number(mtu.stdout.trim());
  return {
    btf: listed.exitCode === 0 ? listed.stdout.includes(btf) : isMissing ? false : null,
    podMtu: mtu.exitCode === 0 && Number.isInteger(bytes) && bytes > 0 ? bytes : null,
  };
}
