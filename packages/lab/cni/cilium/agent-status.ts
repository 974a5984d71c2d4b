import { apiError, type ProgramWorld } from "../api-access.ts";
import type { NodeObject } from "../kinds.ts";
import type { AgentLife } from "./agent.ts";
import { datapathOf } from "./datapath.ts";
import { describeAllocations } from "./ipam.ts";
import { inGap } from "./readiness-gap.ts";
import { versionOf } from "./version.ts";

/** cilium-dbg status -o json, in upstream's field names; only what the lab models. */
export function agentStatus(life: AgentLife, { network }: ProgramWorld) {
  const { config, context, cniConf } = life;
  const { machine, image } = context;
  const api = apiError(context, network);
  const { text, minor } = versionOf(image);
  const word = (key: string, on: string, off: string) => (config.get(key) === "true" ? on : off);
  return {
    cilium: overall(life, api, `${text} (v${text}-crossfade-lab)`),
    cluster: { self: machine.name, ciliumHealth: { state: life.ready ? "Ok" : "Warning" } },
    "cni-chaining": { mode: config.get("cni-chaining-mode") ?? "none" },
    "cni-file": cniConf.state(),
    "container-runtime": { state: "Disabled" },
    controllers: controllers(life, api),
    encryption: { mode: "Disabled" },
    "host-firewall": { mode: word("enable-host-firewall", "Enabled", "Disabled") },
    hubble: { state: word("enable-hubble", "Ok", "Disabled") },
    ipam: { ipv4: [...ownAddresses(life)], status: describeAllocations(machine, life.range?.podCidrs ?? []) },
    "kube-proxy-replacement": { mode: word("kube-proxy-replacement", "True", "False") },
    kubernetes: kubernetes(life, api, minor),
    kvstore: { state: "Disabled" },
    masquerading: {
      enabled: config.get("enable-ipv4-masquerade") !== "false",
      mode: word("enable-bpf-masquerade", "BPF", "iptables"),
      "enabled-protocols": { ipv4: config.get("enable-ipv4-masquerade") !== "false", ipv6: false },
    },
    nodeMonitor: { cpus: 2, npages: 64, pagesize: 4096 },
    proxy: {
      ip: life.range?.routerIp ?? "",
      "port-range": "10000-20000",
      "envoy-deployment-mode": word("external-envoy-proxy", "external", "embedded"),
    },
    routing: {
      "intra-host-routing-mode": word("enable-host-legacy-routing", "Legacy", "BPF"),
      "inter-host-routing-mode": routingMode(life),
      "tunnel-protocol": config.get("tunnel-protocol") ?? "",
    },
    stale: {},
  };
}

function kubernetes({ context: { machine, store } }: AgentLife, api: string | null, minor: number) {
  const kubelet = store.get<NodeObject>("nodes", null, machine.name)?.status?.nodeInfo?.kubeletVersion ?? "v1.33.0";
  return {
    state: api === null ? "Ok" : "Failure",
    msg: api ?? `${kubelet.replace(/^v(\d+\.\d+).*/, "$1")} (${kubelet}) [linux/amd64]`,
    "k8s-api-versions": [
      minor >= 20 ? "cilium/v2::CiliumNodeConfig" : "cilium/v2alpha1::CiliumNodeConfig",
      "cilium/v2::CiliumEndpoint",
      "cilium/v2::CiliumNode",
      "core/v1::Namespace",
      "core/v1::Pods",
      "core/v1::Service",
    ],
  };
}

function routingMode({ config, context: { machine } }: AgentLife): string {
  const tunnels = datapathOf(machine)?.tunnel || config.get("routing-mode") === "tunnel";
  return tunnels ? "Tunnel" : "Native";
}

function ownAddresses({ range }: AgentLife): readonly string[] {
  return range ? [range.routerIp, range.healthIp] : [];
}

function overall({ cniConf, ready }: AgentLife, api: string | null, version: string): { state: string; msg: string } {
  if (api !== null) return { state: "Failure", msg: "Kubernetes service is not ready" };
  if (cniConf.state().state === "Failure") return { state: "Failure", msg: "CNI Config file service is not ready" };
  return ready ? { state: "Ok", msg: version } : { state: "Warning", msg: "Daemon is starting" };
}

function controllers({ config, context: { machine } }: AgentLife, api: string | null): readonly object[] {
  const names = [
    "cilium-health-ep",
    "dns-garbage-collector-job",
    "ipcache-inject-labels",
    "k8s-heartbeat",
    "link-cache",
    "node-neighbor-link-updater",
    ...(config.get("cni-exclusive") === "true" ? ["write-cni-file"] : []),
  ];
  return names.map((name) => {
    const failing = (name === "k8s-heartbeat" && api !== null) || (name === "cilium-health-ep" && inGap(machine));
    return {
      name,
      configuration: { "error-retry": true, interval: "1m0s" },
      status: {
        "consecutive-failure-count": failing ? 1 : 0,
        "success-count": failing ? 0 : 1,
        ...(failing ? { "last-failure-msg": api ?? "health endpoint is not reachable yet" } : {}),
      },
    };
  });
}
