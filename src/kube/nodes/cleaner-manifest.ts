import type { V1SecurityContext } from "@kubernetes/client-node";
import type { CleanerOrder } from "../../engine/model/ports/cleaners.ts";
import type { AsJson } from "../objects/kube-object.ts";
import { type MachinePod, machineDaemonSet, withoutPowers } from "./machine-daemon-set.ts";

export const cleanerName = "crossfade-cleaner";
export const cleanerContainer = "cleaner";
/** Where its container has the node's folders, each under its own path. */
export const hostRoot = "/host";

/** A folder of a node's that is mounted in it. */
interface CleanerFolder {
  readonly path: string;
  /** The kernel's own, which is only looked at, and is there on every machine that Cilium ran on. */
  readonly kernels?: true;
}

const ofCilium: readonly CleanerFolder[] = [
  { path: "/opt/cni/bin" },
  { path: "/etc/sysctl.d" },
  { path: "/sys/class/net", kernels: true },
  { path: "/sys/fs/bpf", kernels: true },
];

/** All that it sees of a node; of the disk all may be changed. */
const foldersOf = (order: CleanerOrder): readonly CleanerFolder[] =>
  order.of === "cilium" ? ofCilium : order.folders.map((path) => ({ path }));

const volumeName = ({ path }: CleanerFolder) => path.slice(1).replaceAll("/", "-").replaceAll(".", "-");

/**
 * Root, for the files are root's; DAC_OVERRIDE, for some installers give /opt/cni/bin to a user of their own; spc_t, or
 * SELinux keeps a container from all of them. It has the node's network, so that it needs none from a CNI.
 */
const securityContext = (nft: boolean) =>
  ({
    ...withoutPowers,
    runAsUser: 0,
    capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE", ...(nft ? ["NET_ADMIN"] : [])] },
    seLinuxOptions: { type: "spc_t" },
  }) satisfies AsJson<V1SecurityContext>;

/** A pod on every machine that does nothing by itself: commands are run in it. */
export function cleanerDaemonSet(order: CleanerOrder) {
  const { image, nft } = order;
  const folders = foldersOf(order);
  return machineDaemonSet(cleanerName, {
    hostNetwork: true,
    containers: [
      {
        name: cleanerContainer,
        image,
        command: ["sleep", "86400"],
        securityContext: securityContext(nft),
        resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
        volumeMounts: folders.map((folder) => ({
          name: volumeName(folder),
          mountPath: `${hostRoot}${folder.path}`,
          ...(folder.kernels ? { readOnly: true } : {}),
        })),
      },
    ],
    volumes: folders.map((folder) => ({
      name: volumeName(folder),
      hostPath: { path: folder.path, type: folder.kernels ? "Directory" : "DirectoryOrCreate" },
    })),
  } satisfies MachinePod);
}
