import type { KubeObject } from "../../objects.ts";
import { invalid } from "../api-error.ts";
import { Faults } from "../faults.ts";
import { byDefault, stringsIn, type Tree, text, treeAt, treesIn } from "../json-tree.ts";
import type { AdmissionWorld, Change, KindRules } from "./kind-rules.ts";
import { checkPort, oneOf } from "./pod-validation.ts";

const exposed = new Set<unknown>(["NodePort", "LoadBalancer"]);

function defaultService(service: KubeObject): void {
  const spec = treeAt(service, "spec");
  byDefault(spec, "type", "ClusterIP");
  byDefault(spec, "sessionAffinity", "None");
  for (const port of treesIn(spec.ports)) {
    byDefault(port, "protocol", "TCP");
    byDefault(port, "targetPort", port.port);
  }
  if (spec.type === "ExternalName") return;
  byDefault(spec, "internalTrafficPolicy", "Cluster");
  byDefault(spec, "ipFamilies", ["IPv4"]);
  byDefault(spec, "ipFamilyPolicy", "SingleStack");
  if (!exposed.has(spec.type)) return;
  byDefault(spec, "externalTrafficPolicy", "Cluster");
  if (spec.type === "LoadBalancer") byDefault(spec, "allocateLoadBalancerNodePorts", true);
}

/** The API server's own service has the first address of the range. */
const apiAddress = "10.96.0.1";

function allocate(service: KubeObject, world: AdmissionWorld): void {
  const spec = treeAt(service, "spec");
  if (spec.type === "ExternalName") return;
  const faults = new Faults();
  const ip = askedAddress(spec, world, faults) ?? freeAddress(service, world);
  spec.clusterIP = ip;
  spec.clusterIPs = [ip];
  allocatePorts(spec, world, faults);
  if (faults.causes.length > 0) throw invalid({ group: "", kind: "Service" }, service.metadata.name, faults.causes);
}

function askedAddress(spec: Tree, world: AdmissionWorld, faults: Faults): string | null {
  const asked = text(spec.clusterIP) || stringsIn(spec.clusterIPs)[0];
  if (!asked) return null;
  const refusal = asked === "None" ? null : world.clusterIps.refusal(asked);
  if (refusal) faults.invalid("spec.clusterIPs", [asked], refusal);
  return asked;
}

function freeAddress({ metadata }: KubeObject, world: AdmissionWorld): string {
  const isApi = metadata.name === "kubernetes" && metadata.namespace === "default";
  return isApi && world.clusterIps.refusal(apiAddress) === null ? apiAddress : world.clusterIps.pick();
}

function allocatePorts(spec: Tree, world: AdmissionWorld, faults: Faults): void {
  if (!exposed.has(spec.type)) return;
  treesIn(spec.ports).forEach((port, index) => {
    if (port.nodePort === undefined) port.nodePort = world.clusterIps.pickPort();
    else if (world.clusterIps.portTaken(Number(port.nodePort))) {
      faults.invalid(`spec.ports[${index}].nodePort`, port.nodePort, "provided port is already allocated");
    }
  });
}

/** A PUT that leaves addresses out means "as they are", which is how kubectl apply and helm write. */
function keepAddresses(fresh: KubeObject, old: KubeObject, world: AdmissionWorld): void {
  const spec = treeAt(fresh, "spec");
  const before = old.spec as Tree;
  if (spec.type === "ExternalName" || before.type === "ExternalName") {
    allocate(fresh, world);
    return;
  }
  byDefault(spec, "clusterIP", before.clusterIP);
  byDefault(spec, "clusterIPs", before.clusterIPs);
  if (!exposed.has(spec.type)) return;
  const ports = treesIn(before.ports);
  for (const port of treesIn(spec.ports)) {
    const was = ports.find((each) => each.port === port.port && each.protocol === port.protocol);
    byDefault(port, "nodePort", was?.nodePort ?? world.clusterIps.pickPort());
  }
}

function validateService(service: KubeObject, faults: Faults): void {
  const spec = treeAt(service, "spec");
  oneOf(spec.type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"], "spec.type", faults);
  oneOf(spec.sessionAffinity, ["ClientIP", "None"], "spec.sessionAffinity", faults);
  const ports = treesIn(spec.ports);
  if (ports.length === 0 && spec.type !== "ExternalName" && spec.clusterIP !== "None") faults.required("spec.ports");
  if (spec.type === "ExternalName" && !spec.externalName) faults.required("spec.externalName");
  ports.forEach((port, index) => {
    const here = `spec.ports[${index}]`;
    if (ports.length > 1 && !port.name) faults.required(`${here}.name`);
    checkPort(port.port, `${here}.port`, faults);
    oneOf(port.protocol, ["SCTP", "TCP", "UDP"], `${here}.protocol`, faults);
  });
}

function keepsClusterIp({ fresh, old }: Change, faults: Faults): void {
  const before = old.spec as Tree;
  const after = fresh.spec as Tree;
  if (before.type === "ExternalName" || after.type === "ExternalName") return;
  if (after.clusterIP !== before.clusterIP) {
    faults.invalid("spec.clusterIPs[0]", after.clusterIPs, "may not change once set");
  }
}

/** v1 Service. */
export const serviceRules: KindRules = {
  name: "service",
  createOnUpdate: true,
  initialStatus: () => ({ loadBalancer: {} }),
  defaults: defaultService,
  admit: allocate,
  keep: keepAddresses,
  validate: validateService,
  validateUpdate: keepsClusterIp,
};

/** What a stored service holds of the pools. */
export function poolUse(service: KubeObject): { readonly addresses: string[]; readonly ports: number[] } {
  const spec = (service.spec ?? {}) as Tree;
  const addresses = stringsIn(spec.clusterIPs).filter((ip) => ip !== "None");
  const ports = treesIn(spec.ports).map(({ nodePort }) => Number(nodePort ?? 0));
  return { addresses, ports: ports.filter((port) => port > 0) };
}
