import type { Machine } from "../../machine.ts";
import type { ContainerContext, Program } from "../../program.ts";
import { ensureJump, type Jump } from "../chains.ts";
import type { ConfigMapObject } from "../kinds.ts";

/** Writes its chains at start; they outlive it until the machine restarts. */
export const kubeProxy: Program = {
  name: "kube-proxy",
  matches: (image) => /kube-proxy/.test(image),
  start(context) {
    const { clock, machine, random } = context;
    const syncedAt = clock.now() + random.between(200, 900);
    let synced = false;
    const cancel = clock.after(syncedAt - clock.now(), () => {
      if (!machine.up || context.signal.aborted) return;
      writeChains(machine, clusterCidr(context));
      synced = true;
    });
    return { ready: () => synced, stop: cancel };
  },
};

/** From --cluster-cidr, else from the file of the ConfigMap; null where neither says. */
function clusterCidr({ argv, store, pod }: ContainerContext): string | null {
  const flag = argv.find((argument) => argument.startsWith("--cluster-cidr="))?.split("=")[1];
  if (flag) return flag;
  const file = store.get<ConfigMapObject>("configmaps", pod.metadata.namespace ?? "kube-system", "kube-proxy")?.data?.[
    "config.conf"
  ];
  return /^clusterCIDR:\s*"?([0-9./]+)"?\s*$/m.exec(file ?? "")?.[1] ?? null;
}

function writeChains(machine: Machine, cidr: string | null): void {
  const comment = '-m comment --comment "kubernetes service traffic requiring SNAT"';
  machine.chains.set("nat/KUBE-SERVICES", [
    ...(cidr === null
      ? []
      : [`-A KUBE-SERVICES ! -s ${cidr} -m comment --comment "masquerade off-cluster traffic" -j KUBE-MARK-MASQ`]),
    "-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS",
  ]);
  machine.chains.set("nat/KUBE-POSTROUTING", [`-A KUBE-POSTROUTING ${comment} -j MASQUERADE --random-fully`]);
  machine.chains.set("nat/KUBE-MARK-MASQ", ["-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000"]);
  machine.chains.set("nat/KUBE-NODEPORTS", []);
  machine.chains.set("filter/KUBE-FORWARD", ["-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT"]);
  for (const jump of jumps) ensureJump(machine, { ...jump, place: "first" });
}

const portals = "kubernetes service portals";

const jumps: readonly Omit<Jump, "place">[] = [
  { from: "nat/PREROUTING", to: "KUBE-SERVICES", comment: portals },
  { from: "nat/OUTPUT", to: "KUBE-SERVICES", comment: portals },
  { from: "nat/POSTROUTING", to: "KUBE-POSTROUTING", comment: "kubernetes postrouting rules" },
  { from: "filter/FORWARD", to: "KUBE-FORWARD", comment: "kubernetes forwarding rules" },
];
