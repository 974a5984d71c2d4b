import type { V1SecurityContext } from "@kubernetes/client-node";
import type { LookerOrder } from "../../engine/model/ports/lookers.ts";
import type { AsJson } from "../objects/kube-object.ts";
import { type MachinePod, machineDaemonSet, withoutPowers } from "./machine-daemon-set.ts";

export const lookerName = "crossfade-look";
export const lookerContainer = "look";
export const modulesFolder = "/lib/modules";

/** What the kernel tells is there for every user; root, as some machines keep /lib/modules from others. */
const harmless = {
  ...withoutPowers,
  runAsUser: 0,
} satisfies AsJson<V1SecurityContext>;

/**
 * A pod a node, on the node's network, that answers each UDP datagram at the port with its node's name; where something else has the
 * port it only stands there, to be looked through. Mounts /lib/modules as Cilium's agents do.
 */
export const lookerDaemonSet = ({ image, port }: LookerOrder) =>
  machineDaemonSet(lookerName, {
    hostNetwork: true,
    containers: [
      {
        name: lookerContainer,
        image,
        command: ["sh", "-c", `/agnhost serve-hostname --http=false --udp --port=${port}; exec sleep 86400`],
        securityContext: harmless,
        resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
        volumeMounts: [{ name: "modules", mountPath: modulesFolder, readOnly: true }],
      },
    ],
    volumes: [{ name: "modules", hostPath: { path: modulesFolder } }],
  } satisfies MachinePod);
