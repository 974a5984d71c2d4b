import type { NodeSnapshot, PodLine } from "../../src/engine/model/events.ts";

/** The moment at which all fixtures are looked at. */
/** When the run of the states began. */
export const start = Date.parse("2026-11-22T14:00:00Z");
export const now = Date.parse("2026-11-22T14:12:04Z");

const flannelConf = `{
  "name": "cbr0",
  "cniVersion": "0.3.1",
  "plugins": [
    { "type": "flannel", "delegate": { "hairpinMode": true, "isDefaultGateway": true } },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
`;

const ciliumConf = `{
  "cniVersion": "0.3.1",
  "name": "cilium",
  "plugins": [
    {
       "type": "cilium-cni",
       "enable-debug": false,
       "log-file": "/var/run/cilium/cilium-cni.log"
    }
  ]
}
`;

const names = ["web-6d9f7b6c44-x2x9k", "cart-0", "api-7c5d8f9b66-p7k2m", "queue-worker-5f7d9c8b4-zz4lq", "db-0"];

const pod = (network: PodLine["network"], index: number, octet: number): PodLine => ({
  namespace: index % 3 === 0 ? "shop" : "default",
  name: names[index % names.length] ?? "pod",
  network,
  ip:
    network === "source"
      ? `10.244.${octet}.${index + 3}`
      : network === "host"
        ? "10.0.0.11"
        : `10.245.${octet}.${index + 3}`,
  phase: "Running",
  ready: true,
  owner: "ReplicaSet",
});

/** A node as it is seen at a stage of its way. */
export function seen(
  on: "source" | "both" | "cilium",
  octet: number,
  change: Partial<NodeSnapshot> = {},
): NodeSnapshot {
  const source = on === "source" ? 9 : on === "both" ? 3 : 0;
  const cilium = on === "source" ? 0 : on === "both" ? 4 : 9;
  const cni = on === "source" ? "source" : "cilium";
  const flannel = { name: "10-flannel.conflist", content: flannelConf };
  return {
    ready: true,
    cordoned: on === "both",
    controlPlane: false,
    address: `10.0.0.${10 + octet}`,
    cni,
    files:
      on === "source"
        ? [flannel]
        : [
            { name: "05-cilium.conflist", content: ciliumConf },
            { ...flannel, name: "10-flannel.conflist.cilium_bak" },
          ],
    filesAt: now - 4_000,
    pods: { source, cilium, host: 3, unknown: 0 },
    podLines: [
      ...Array.from({ length: Math.min(source, 3) }, (_, index) => pod("source", index, octet)),
      ...Array.from({ length: Math.min(cilium, 3) }, (_, index) => pod("cilium", index, octet)),
      pod("host", 4, octet),
    ],
    agent: "ready",
    bootId: `boot-${octet}`,
    podCidrs: [`10.244.${octet}.0/24`],
    ciliumCidrs: [`10.245.${octet}.0/24`],
    ...change,
  };
}
