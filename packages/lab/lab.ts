import { randomBytes } from "node:crypto";
import type { Identity } from "./api/access/identity.ts";
import type { Question } from "./api/access/policy-rule.ts";
import type { Faults } from "./api/serve/faults.ts";
import type { ApiRestart } from "./api/serve/restart.ts";
import { type SignedIn, startApiServer } from "./api/server.ts";
import { BootClock } from "./boot-clock.ts";
import type { LabClock } from "./clock.ts";
import { VirtualClock } from "./clock.ts";
import type { CniDriver } from "./cni/cni-driver.ts";
import { cniPlugins, labPrograms } from "./cni/programs.ts";
import { cniDrivers, driverCalled } from "./cni/registry.ts";
import { evictPod } from "./controllers/eviction.ts";
import { startControllers } from "./controllers/start-controllers.ts";
import { createMachine } from "./kubelet/machine-boot.ts";
import { podAccess } from "./kubelet/pod-access.ts";
import { type Kubelets, startKubelets } from "./kubelet/start-kubelets.ts";
import { defaultTimings, type KubeletTimings } from "./kubelet/timings.ts";
import { labControl } from "./lab-control.ts";
import { createLabHome, type LabHome } from "./lab-home.ts";
import type { LabAddress, LabOptions } from "./lab-options.ts";
import {
  checkOptions,
  clusterCidr,
  machineAddress,
  type PlannedMachine,
  planMachines,
  serviceCidr,
} from "./lab-plan.ts";
import { unsettled } from "./lab-settled.ts";
import type { Machine } from "./machine.ts";
import { createNetwork } from "./network/network.ts";
import type { Network } from "./network/reach.ts";
import { type Random, seededRandom } from "./random.ts";
import { scenarioCalled } from "./scenarios.ts";
import { plantSystem, plantWorkloads } from "./seed/plant-cluster.ts";
import type { ApiStore } from "./store/api-store.ts";
import { createStore } from "./store/create-store.ts";

/** An embedded cluster: reached through its address like any other, and from inside where a test needs to look. */
export interface Lab {
  readonly address: LabAddress;
  readonly clock: LabClock;
  readonly store: ApiStore;
  /** By node name. */
  readonly machines: ReadonlyMap<string, Machine>;
  readonly network: Network;
  /** Resolves when the machine is up again; its node becomes ready a little later. */
  reboot(node: string, options?: { readonly downMs?: number }): Promise<void>;
  /** Another worker joins; resolves with its name at once. */
  addNode(): string;
  /** The machine is switched off for good and its Node deleted. */
  removeNode(name: string): void;
  /** Something before the API server's storage, as an admission webhook, is asked about every request from now on. */
  refuse(asked: Faults): void;
  /** The API server goes away and comes back, as when its machine reboots. */
  restartApi(how: ApiRestart): void;
  /** One more user of the API server, known by a token or a certificate; what they may do is said by roles alone. */
  signIn(user: { readonly username: string; readonly groups: readonly string[] }): SignedIn;
  /** Ends the server and all timers, and removes kubeconfig and executables. */
  stop(): Promise<void>;
}

/** What tests and rehearsals change about a lab. */
export interface LabSetup extends LabOptions {
  /** Without one the lab boots as fast as it can and then runs at `speed`; a VirtualClock is moved while it boots. */
  readonly clock?: LabClock;
  readonly timings?: Partial<KubeletTimings>;
  /** CNIs that `source` may name, in place of the registry's. */
  readonly cnis?: readonly CniDriver[];
  /** Images that no registry has: their containers stay in ImagePullBackOff. */
  readonly badImages?: RegExp;
  /** Told of every right that a user of the API made use of. */
  readonly onAllowed?: (identity: Identity, question: Question) => void;
  /** Told of what is a bug of the lab; without it such errors are thrown outside any call. */
  readonly onFault?: (error: unknown) => void;
}

/** The lab begins that long ago, so that its time is the wall's when it is up: kubectl tells ages by the wall's clock. */
const bootLeadMs = 30_000;
/** Lab time within which a healthy cluster comes up. */
const bootLimitMs = 15 * 60_000;

interface Parts {
  readonly clock: LabClock;
  readonly random: Random;
  readonly store: ApiStore;
  readonly machines: Map<string, Machine>;
  readonly network: Network;
  readonly kubelets: Kubelets;
  readonly stopControllers: () => void;
  readonly join: (planned: PlannedMachine) => void;
  readonly plantRest: () => void;
  readonly source: CniDriver;
}

/** Builds a cluster with its CNI and workloads; resolves once every pod of it is ready. */
export async function createLab(setup: LabSetup): Promise<Lab> {
  checkOptions(setup);
  const parts = assemble(setup);
  const refusals: Faults[] = [];
  const token = randomBytes(24).toString("base64url");
  const reboot: Lab["reboot"] = (node, options) => parts.kubelets.reboot(node, options);
  const server = await startApiServer({
    store: parts.store,
    clock: parts.clock,
    token,
    version: setup.kubernetesVersion,
    pods: podAccess(parts.kubelets),
    evict: (namespace, name, body) => evictPod(parts.store, parts.clock, namespace, name, body),
    control: labControl({ ...parts, reboot }),
    onFault: setup.onFault ?? throwLater,
    faults: (request) => refusals.map((asked) => asked(request)).find((fault) => fault !== null) ?? null,
    ...(setup.onAllowed === undefined ? {} : { onAllowed: setup.onAllowed }),
  });
  let home: LabHome | null = null;
  const stop = async () => {
    parts.kubelets.stop();
    parts.stopControllers();
    if (parts.clock instanceof BootClock) parts.clock.stop();
    home?.remove();
    await server.close();
  };
  try {
    await boot(parts, setup);
    home = createLabHome({ ...server, token, speed: setup.speed });
  } catch (error) {
    await stop();
    throw error;
  }
  const members = membership(parts, setup);
  const refuse: Lab["refuse"] = (asked) => void refusals.push(asked);
  const restartApi: Lab["restartApi"] = (how) => server.restart(how);
  if (setup.scenario !== null) scenarioCalled(setup.scenario).begin({ ...parts, ...members, refuse, restartApi });
  return {
    ...parts,
    ...members,
    address: { url: server.url, kubeconfig: home.kubeconfig, binDir: home.binDir },
    reboot,
    refuse,
    restartApi,
    signIn: (user) => server.signIn(user),
    stop,
  };
}

function assemble(setup: LabSetup): Parts {
  const { nodes, subnets, seed, speed, kubernetesVersion, keepBootId, badImages, onFault = throwLater } = setup;
  const source = driverCalled(setup.source, setup.cnis ?? cniDrivers);
  const clock = setup.clock ?? new BootClock(speed, Date.now() - bootLeadMs);
  const random = seededRandom(seed);
  const store = createStore({ clock, random: random.fork("store"), onFault });
  const machines = new Map<string, Machine>();
  const network = createNetwork({ store, machines, guard: source.guard });
  const planned = planMachines(nodes, subnets);
  const controlPlaneIps = planned.filter(({ isControlPlane }) => isControlPlane).map(({ ip }) => ip);
  const facts = { kubernetesVersion, clusterCidr: clusterCidr(nodes), serviceCidr, controlPlaneIps };
  plantSystem(store, facts, source, setup);
  const controllers = startControllers({ store, clock, random: random.fork("controllers"), ...facts });
  const kubelets = startKubelets({
    store,
    clock,
    random: random.fork("kubelets"),
    programs: labPrograms(source, { network, machines }),
    plugins: cniPlugins(source, { store, clock, random: random.fork("cni") }),
    network,
    timings: { ...defaultTimings, ...setup.timings },
    imageFault: (image) => (badImages?.test(image) ? `failed to resolve reference "${image}": not found` : null),
    report: onFault,
  });
  const join = ({ name, ip, isControlPlane }: PlannedMachine) => {
    const kinds = source.architectures ?? ["amd64"];
    const machine = createMachine(name, ip, random.fork(name), kinds[machines.size % kinds.length]);
    machines.set(name, machine);
    kubelets.join({ machine, isControlPlane, providerId: "", keepBootId, ...facts });
  };
  for (const machine of planned) join(machine);
  const plantRest = () => plantWorkloads(store, facts, setup);
  return {
    source,
    plantRest,
    clock,
    random,
    store,
    machines,
    network,
    kubelets,
    stopControllers: controllers.stop,
    join,
  };
}

/** First the nodes, so that what comes then is spread over all of them. */
async function boot({ clock, store, plantRest }: Parts, { nodes }: LabSetup): Promise<void> {
  const settled = () => unsettled(store, nodes).length === 0;
  let inTime = await passTime(clock, settled);
  if (inTime) {
    plantRest();
    inTime = await passTime(clock, settled);
  }
  if (clock instanceof BootClock) {
    await clock.jumpTo(Date.now());
    clock.run();
  }
  if (inTime) return;
  const waits = unsettled(store, nodes);
  throw new Error(
    `the lab did not settle within ${bootLimitMs / 60_000} minutes of its time: ${waits.slice(0, 5).join("; ")}`,
  );
}

async function passTime(clock: LabClock, settled: () => boolean): Promise<boolean> {
  if (clock instanceof BootClock) return clock.jump(settled, bootLimitMs);
  const giveUpAt = clock.now() + bootLimitMs;
  while (!settled() && clock.now() < giveUpAt) {
    if (clock instanceof VirtualClock) await clock.advance(500);
    else await new Promise<void>((resolve) => clock.after(500, resolve));
  }
  return settled();
}

function membership(
  { machines, kubelets, store, join }: Parts,
  { subnets }: LabSetup,
): Pick<Lab, "addNode" | "removeNode"> {
  let joined = machines.size;
  let workers = [...machines.keys()].filter((name) => name.startsWith("worker-")).length;
  return {
    addNode() {
      workers += 1;
      const name = `worker-${workers}`;
      join({ name, ip: machineAddress(joined, subnets), isControlPlane: false });
      joined += 1;
      return name;
    },
    removeNode(name) {
      kubelets.leave(name);
      machines.delete(name);
      store.delete("nodes", null, name);
    },
  };
}

/** A bug of the lab must not pass in silence. */
function throwLater(fault: unknown): void {
  queueMicrotask(() => {
    throw fault;
  });
}
