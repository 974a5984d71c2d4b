import type { CleanerWish } from "../engine/ports/cleaners.ts";
import { machineDaemonSet } from "./machine-daemon-set.ts";

export const cleanerName = "crossfade-cleaner";
export const cleanerContainer = "cleaner";
/** Where its container has the node's folders, each under its own path. */
export const hostRoot = "/host";

/** All that it sees of a node's disk; all of it may be changed. */
export const cleanedFolders = ["/run/flannel", "/var/lib/cni", "/opt/cni/bin"] as const;

const volumeName = (folder: string) => folder.slice(1).replaceAll("/", "-");

/**
 * Root, for the files are root's; DAC_OVERRIDE, for some installers give /opt/cni/bin to a user of their own; spc_t, or
 * SELinux keeps a container from all of them. It has the node's network, so that it needs none from a CNI.
 */
const securityContext = (nft: boolean) => ({
  runAsUser: 0,
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE", ...(nft ? ["NET_ADMIN"] : [])] },
  seccompProfile: { type: "RuntimeDefault" },
  seLinuxOptions: { type: "spc_t" },
});

/** A pod on every machine that does nothing by itself: commands are run in it. */
export const cleanerDaemonSet = ({ image, nft }: CleanerWish) =>
  machineDaemonSet(cleanerName, {
    hostNetwork: true,
    containers: [
      {
        name: cleanerContainer,
        image,
        command: ["sleep", "86400"],
        securityContext: securityContext(nft),
        resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
        volumeMounts: cleanedFolders.map((folder) => ({ name: volumeName(folder), mountPath: `${hostRoot}${folder}` })),
      },
    ],
    volumes: cleanedFolders.map((folder) => ({
      name: volumeName(folder),
      hostPath: { path: folder, type: "DirectoryOrCreate" },
    })),
  });
