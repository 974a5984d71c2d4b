import { type ContainerContext, ProgramExit } from "../../program.ts";
import type { ConfigMapObject, PodObject } from "../kinds.ts";

/** Backends that the lab's Flannel has, as its ConfigMap says them. */
const types = ["vxlan", "host-gw", "wireguard", "ipip"] as const;

/** Ways in which the lab's Flannel carries packets, the usual one first. */
export const backends = ["vxlan", "vxlan-directrouting", "host-gw", "wireguard", "ipip"] as const;

/** The setting `Backend` for one of these. */
export const backendSetting = (backend: string): object =>
  backend === "vxlan-directrouting" ? { Type: "vxlan", DirectRouting: true } : { Type: backend };

/** What Flannel is told by its ConfigMap. */
export interface NetConf {
  readonly network: string;
  readonly backend: (typeof types)[number];
  /** Without a tunnel to machines of the same subnet. */
  readonly direct: boolean;
  readonly port: number;
  readonly vni: number;
  /** WireGuard's. */
  readonly listenPort: number;
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

function parse(text: string): Written {
  try {
    return JSON.parse(text) as Written;
  } catch (error) {
    throw new ProgramExit(1, `error parsing subnet config: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Ends the container on what flanneld would refuse, and on backends that the lab does not have. */
export function readNetConf(context: Pick<ContainerContext, "pod" | "store">): NetConf {
  const { Network: network, EnableNFTables, Backend = {} } = parse(mountedFile(context, "net-conf.json"));
  const { Type: backend = "vxlan", Port: port = 8472, VNI: vni = 1, ListenPort: listenPort = 51_820 } = Backend;
  if (!network) throw new ProgramExit(1, "error parsing subnet config: please define a correct Network parameter");
  if (!isKnown(backend)) {
    throw new ProgramExit(1, `unknown backend type: ${backend} (the lab's Flannel has ${types.join(", ")})`);
  }
  const direct = backend === "vxlan" && Backend.DirectRouting === true;
  return { network, backend, direct, port, vni, listenPort, nftables: EnableNFTables === true };
}

const isKnown = (backend: string): backend is NetConf["backend"] => types.some((known) => known === backend);

interface Written {
  readonly Network?: string;
  readonly EnableNFTables?: boolean;
  readonly Backend?: {
    readonly Type?: string;
    readonly DirectRouting?: boolean;
    readonly Port?: number;
    readonly VNI?: number;
    readonly ListenPort?: number;
  };
}
