import { pause } from "../../clock.ts";
import { type ContainerContext, type Program, ProgramExit } from "../../program.ts";
import { type ProgramWorld, untilApiAnswers } from "../api-access.ts";
import { inBackground } from "../background.ts";
import type { NodeObject } from "../kinds.ts";
import { setNodeCondition } from "../node-condition.ts";
import { group } from "./definitions.ts";
import { detect, type NodeAddress } from "./detection.ts";
import { variable } from "./environment.ts";
import { annotations, Felix } from "./felix.ts";
import { tunnelAddress } from "./ipam.ts";
import { type IPPool, isServed, resource } from "./kinds.ts";

/** How often the address is looked for again. */
const pollMs = 60_000;
const refreshMs = 10_000;

/** The daemon. What it makes on the node it leaves there when it stops. */
export function calicoNode({ network }: ProgramWorld): Program {
  return {
    name: "calico-node",
    matches: (image, container) => /calico\/node(:|@|$)/.test(image) && container === "calico-node",
    start(context, crash) {
      let ready = false;
      const ended: (() => void)[] = [];
      inBackground(context, crash, async () => {
        await untilApiAnswers(context, network);
        await pause(context.clock, context.random.between(300, 1_200), context.signal);
        await untilServed(context);
        if (context.signal.aborted) return;
        ended.push(...bringUp(context));
        ready = true;
      });
      return {
        ready: () => ready,
        stop() {
          for (const end of ended) end();
          if (ready) shutDown(context);
        },
      };
    },
  };
}

async function untilServed(context: ContainerContext): Promise<void> {
  while (!context.signal.aborted && !isServed(context.store)) await pause(context.clock, 500, context.signal);
}

const backendOf = (context: ContainerContext) => variable(context, "CALICO_NETWORKING_BACKEND") ?? "bird";

/** Returns what must end with the daemon. */
function bringUp(context: ContainerContext): (() => void)[] {
  const { machine, store, clock } = context;
  ensureDefaults(context);
  machine.disk.set("/var/lib/calico/nodename", machine.name);
  machine.disk.set("/var/lib/calico/mtu", "1450");
  machine.disk.set("/run/calico/cgroup", "");
  const networks = backendOf(context) !== "none";
  const felix = new Felix(machine, store, { ...tunnelSettings(context), routes: networks });
  if (!networks) {
    felix.start();
    return [() => felix.stop(), clock.every(refreshMs, () => felix.ensure())];
  }
  const own = find(context);
  if (!own) throw new ProgramExit(1, "Couldn't autodetect an IPv4 address");
  felix.start();
  take(context, felix, own);
  setNodeCondition(store, machine.name, {
    now: clock.now(),
    type: "NetworkUnavailable",
    status: "False",
    reason: "CalicoIsUp",
    message: "Calico is running on this node",
  });
  return [
    () => felix.stop(),
    clock.every(refreshMs, () => felix.ensure()),
    clock.every(pollMs, () => lookAgain(context, felix)),
  ];
}

function find(context: ContainerContext): NodeAddress | null {
  return detect(context.store, context.machine, variable(context, "IP_AUTODETECTION_METHOD") ?? "first-found");
}

function addressOf({ store, machine }: ContainerContext): string | undefined {
  return store.get<NodeObject>("nodes", null, machine.name)?.metadata.annotations?.[annotations.address];
}

/** Nothing but the annotation, and a line of the log, says that the node goes by another address now. */
function lookAgain(context: ContainerContext, felix: Felix): void {
  if (!context.machine.up) return;
  const found = find(context);
  if (!found || found.address === addressOf(context)) return;
  context.log(`Node IPv4 changed, will check for conflicts: ${found.address} on interface ${found.link}`);
  take(context, felix, found);
}

/** Tells the others, and moves the tunnel. */
function take(context: ContainerContext, felix: Felix, own: NodeAddress): void {
  const { store, machine } = context;
  const kind = tunnelKind(context);
  const address = kind ? tunnelAddress(store, machine, kind) : null;
  store.change<NodeObject>(
    "nodes",
    null,
    machine.name,
    ({ metadata }) => {
      metadata.annotations = {
        ...metadata.annotations,
        [annotations.address]: own.address,
        ...(kind && address ? { [annotations[kind]]: address } : {}),
      };
    },
    { manager: "calico-node" },
  );
  felix.announce(own, kind && address ? { kind, address } : null);
}

function tunnelKind({ store }: ContainerContext): "vxlan" | "ipip" | null {
  const all = store.list<IPPool>(resource("ippools")).map(({ spec }) => spec);
  const uses = (mode: "vxlanMode" | "ipipMode") => all.some((spec) => (spec[mode] ?? "Never") !== "Never");
  if (uses("vxlanMode")) return "vxlan";
  return uses("ipipMode") ? "ipip" : null;
}

function tunnelSettings({ store }: ContainerContext): { readonly vxlanPort: number; readonly vni: number } {
  const spec = store.get(resource("felixconfigurations"), null, "default")?.spec as
    | { vxlanPort?: number; vxlanVNI?: number }
    | undefined;
  return { vxlanPort: spec?.vxlanPort ?? 4789, vni: spec?.vxlanVNI ?? 4096 };
}

/** `calico-node -shutdown`, its preStop hook: not where it crashed or its machine lost its power. */
function shutDown(context: ContainerContext): void {
  const { store, machine, clock, pod } = context;
  const { namespace = "kube-system", name, uid } = pod.metadata;
  const left = store.get("pods", namespace, name);
  const isEnding = left?.metadata.uid !== uid || left?.metadata.deletionTimestamp !== undefined;
  if (!machine.up || !isEnding || backendOf(context) === "none") return;
  machine.disk.set("/var/lib/calico/shutdownTS", new Date(clock.now()).toISOString());
  setNodeCondition(store, machine.name, {
    now: clock.now(),
    type: "NetworkUnavailable",
    status: "True",
    reason: "CalicoIsDown",
    message: "Calico is shutting down on this node",
  });
}

/** What the first of the daemons makes in a new cluster. */
function ensureDefaults(context: ContainerContext): void {
  const { store } = context;
  const put = (kind: string, plural: string, name: string, spec: object) => {
    if (store.get(resource(plural), null, name)) return;
    store.create(
      resource(plural),
      { apiVersion: `${group}/v1`, kind, metadata: { name }, spec },
      { manager: "calico-node" },
    );
  };
  const guid = context.random.uuid().replaceAll("-", "");
  const clusterType = `${variable(context, "CLUSTER_TYPE") ?? "k8s"},kdd`;
  put("ClusterInformation", "clusterinformations", "default", {
    calicoVersion: "v3.31.7",
    clusterGUID: guid,
    clusterType,
    datastoreReady: true,
  });
  put("FelixConfiguration", "felixconfigurations", "default", {
    floatingIPs: "Disabled",
    logSeverityScreen: "Info",
    reportingInterval: "0s",
  });
  const cidr = variable(context, "CALICO_IPV4POOL_CIDR");
  const mode = (name: string) => variable(context, `CALICO_IPV4POOL_${name}`) ?? "Never";
  if (!cidr || variable(context, "NO_DEFAULT_POOLS") === "true") return;
  put("IPPool", "ippools", "default-ipv4-ippool", {
    allowedUses: ["Workload", "Tunnel"],
    blockSize: 26,
    cidr,
    ipipMode: mode("IPIP"),
    natOutgoing: true,
    nodeSelector: "all()",
    vxlanMode: mode("VXLAN"),
  });
}
