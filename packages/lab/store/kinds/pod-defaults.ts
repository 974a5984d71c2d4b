import { at, byDefault, isTree, type Tree, text, treeAt, treesIn } from "../json-tree.ts";

/** Fields of a pod spec that the server fills, in pods and in templates alike. */
export function defaultPodSpec(spec: Tree): void {
  byDefault(spec, "restartPolicy", "Always");
  byDefault(spec, "dnsPolicy", "ClusterFirst");
  byDefault(spec, "terminationGracePeriodSeconds", 30);
  byDefault(spec, "schedulerName", "default-scheduler");
  treeAt(spec, "securityContext");
  pairServiceAccount(spec);
  const hostNetwork = spec.hostNetwork === true;
  for (const list of ["containers", "initContainers", "ephemeralContainers"]) {
    for (const container of treesIn(spec[list])) defaultContainer(container, hostNetwork);
  }
  for (const volume of treesIn(spec.volumes)) defaultVolume(volume);
  for (const spread of treesIn(spec.topologySpreadConstraints)) byDefault(spread, "whenUnsatisfiable", "DoNotSchedule");
}

/** serviceAccount is the old name of the same field. */
function pairServiceAccount(spec: Tree): void {
  if (spec.serviceAccountName !== undefined) spec.serviceAccount = spec.serviceAccountName;
  else if (spec.serviceAccount !== undefined) spec.serviceAccountName = spec.serviceAccount;
}

function defaultContainer(container: Tree, hostNetwork: boolean): void {
  byDefault(container, "terminationMessagePath", "/dev/termination-log");
  byDefault(container, "terminationMessagePolicy", "File");
  byDefault(container, "imagePullPolicy", pullPolicy(text(container.image ?? "")));
  requestLimits(treeAt(container, "resources"));
  for (const port of treesIn(container.ports)) {
    byDefault(port, "protocol", "TCP");
    if (hostNetwork) byDefault(port, "hostPort", port.containerPort);
  }
  for (const variable of treesIn(container.env)) {
    const field = at(variable, "valueFrom", "fieldRef");
    if (isTree(field)) byDefault(field, "apiVersion", "v1");
  }
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) defaultProbe(container[probe]);
  for (const hook of ["postStart", "preStop"]) defaultHttpGet(at(container, "lifecycle", hook, "httpGet"));
}

/** Limits are requests where nothing else is requested. */
function requestLimits(resources: Tree): void {
  if (!isTree(resources.limits)) return;
  const requests = treeAt(resources, "requests");
  for (const name in resources.limits) byDefault(requests, name, resources.limits[name]);
}

function pullPolicy(image: string): string {
  if (image.includes("@")) return "IfNotPresent";
  const tag = image.slice(image.lastIndexOf("/") + 1).split(":")[1];
  return tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
}

function defaultProbe(probe: unknown): void {
  if (!isTree(probe)) return;
  byDefault(probe, "timeoutSeconds", 1);
  byDefault(probe, "periodSeconds", 10);
  byDefault(probe, "successThreshold", 1);
  byDefault(probe, "failureThreshold", 3);
  defaultHttpGet(probe.httpGet);
  if (isTree(probe.grpc)) byDefault(probe.grpc, "service", "");
}

function defaultHttpGet(get: unknown): void {
  if (!isTree(get)) return;
  byDefault(get, "path", "/");
  byDefault(get, "scheme", "HTTP");
}

function defaultVolume(volume: Tree): void {
  if (Object.keys(volume).every((field) => field === "name")) volume.emptyDir = {};
  for (const source of ["secret", "configMap", "downwardAPI", "projected"]) {
    const there = volume[source];
    if (isTree(there)) byDefault(there, "defaultMode", 420);
  }
  if (isTree(volume.hostPath)) byDefault(volume.hostPath, "type", "");
  for (const source of treesIn(at(volume, "projected", "sources"))) {
    if (isTree(source.serviceAccountToken)) byDefault(source.serviceAccountToken, "expirationSeconds", 3600);
  }
}

const unsettled = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** A pod whose node is lost stays for five minutes, unless it says otherwise. */
export function addDefaultTolerations(spec: Tree): void {
  const tolerations = Array.isArray(spec.tolerations) ? spec.tolerations : [];
  for (const key of unsettled) {
    if (treesIn(tolerations).some((each) => tolerates(each, key))) continue;
    tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
  spec.tolerations = tolerations;
}

function tolerates(toleration: Tree, key: string): boolean {
  const anyKey = toleration.key === undefined || toleration.key === "";
  const anyEffect = toleration.effect === undefined || toleration.effect === "" || toleration.effect === "NoExecute";
  return (anyKey || toleration.key === key) && anyEffect;
}

const computed = ["cpu", "memory"];

/** Guaranteed, Burstable or BestEffort, by the requests and limits of all containers. */
export function qosClass(spec: Tree): string {
  const containers = [...treesIn(spec.containers), ...treesIn(spec.initContainers)];
  const asks = containers.map((container) => container.resources);
  const says = (kind: string, name: string) => asks.map((resources) => at(resources, kind, name));
  const mentioned = computed.some((name) => [...says("requests", name), ...says("limits", name)].some(Boolean));
  if (!mentioned) return "BestEffort";
  const guaranteed = asks.every((resources) =>
    computed.every((name) => {
      const limit = at(resources, "limits", name);
      return limit !== undefined && text(limit) === text(at(resources, "requests", name));
    }),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
