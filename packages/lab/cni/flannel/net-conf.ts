import { type ContainerContext, ProgramExit } from "../../program.ts";
import type { ConfigMapObject, PodObject } from "../kinds.ts";

/** What Flannel is told by its ConfigMap. */
export interface NetConf {
  readonly network: string;
  readonly backend: "vxlan" | "host-gw";
  readonly port: number;
  readonly vni: number;
  /** Its rules are in nft tables of its own, not in iptables chains. */
  readonly nftables: boolean;
}

/** A file of the ConfigMap that the pod mounts as flannel-cfg. */
export function mountedFile({ pod, store }: Pick<ContainerContext, "pod" | "store">, file: string): string {
  const { metadata, spec } = pod as PodObject;
  const name = spec.volumes?.find((volume) => volume.name === "flannel-cfg")?.configMap?.name ?? "kube-flannel-cfg";
  const text = store.get<ConfigMapObject>("configmaps", metadata.namespace ?? "kube-flannel", name)?.data?.[file];
  if (text === undefined) throw new ProgramExit(1, `open /etc/kube-flannel/${file}: no such file or directory`);
  return text;
}

/** Ends the container on what flanneld would refuse, and on backends that the lab does not have. */
export function readNetConf(context: Pick<ContainerContext, "pod" | "store">): NetConf {
  const text = mountedFile(context, "net-conf.json");
  let parsed: { Network?: string; EnableNFTables?: boolean; Backend?: { Type?: string; Port?: number; VNI?: number } };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch (error) {
    throw new ProgramExit(1, `error parsing subnet config: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { Network: network, Backend: { Type: backend = "vxlan", Port: port = 8472, VNI: vni = 1 } = {} } = parsed;
  if (!network) throw new ProgramExit(1, "error parsing subnet config: please define a correct Network parameter");
  if (backend !== "vxlan" && backend !== "host-gw") {
    throw new ProgramExit(1, `unknown backend type: ${backend} (the lab's Flannel has vxlan and host-gw)`);
  }
  return { network, backend, port, vni, nftables: parsed.EnableNFTables === true };
}
