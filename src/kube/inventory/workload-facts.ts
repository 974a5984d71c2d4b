import type { ServiceFacts } from "../../engine/model/cluster/service-facts.ts";
import type { Toleration } from "../../engine/model/cluster/taints.ts";
import type { BudgetFacts, LabelSelector, Placement, WorkloadFacts } from "../../engine/model/facts.ts";
import { at, fields, list, number, text, textMap, texts } from "../objects/read.ts";

function selectorOf(value: unknown): LabelSelector | null {
  if (value === undefined || value === null) return null;
  const matchExpressions = list(at(value, "matchExpressions")).map((expression) => ({
    key: text(at(expression, "key")),
    operator: text(at(expression, "operator")),
    values: texts(at(expression, "values")),
  }));
  return {
    matchLabels: textMap(at(value, "matchLabels")),
    ...(matchExpressions.length === 0 ? {} : { matchExpressions }),
  };
}

/** A PodDisruptionBudget as the engine knows it. */
export function budgetFacts(budget: unknown): BudgetFacts {
  const status = at(budget, "status");
  return {
    namespace: text(at(budget, "metadata", "namespace")),
    name: text(at(budget, "metadata", "name")),
    selector: selectorOf(at(budget, "spec", "selector")),
    disruptionsAllowed: number(at(status, "disruptionsAllowed")),
    currentHealthy: number(at(status, "currentHealthy")),
    desiredHealthy: number(at(status, "desiredHealthy")),
    expectedPods: number(at(status, "expectedPods")),
  };
}

function tolerationOf(entry: unknown): Toleration {
  return {
    key: text(at(entry, "key")),
    operator: text(at(entry, "operator")) === "Exists" ? "Exists" : "Equal",
    value: text(at(entry, "value")),
    effect: text(at(entry, "effect")),
  };
}

function placementOf(spec: unknown): Placement {
  const required = at(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
  return {
    nodeSelector: textMap(at(spec, "nodeSelector")),
    nodes:
      required === undefined
        ? null
        : list(at(required, "nodeSelectorTerms")).map((term) => selectorOf(term) ?? { matchLabels: {} }),
    tolerations: list(at(spec, "tolerations")).map(tolerationOf),
  };
}

/** Where an init container copies a CNI configuration to: cp -f … /etc/cni/net.d/10-NAME.conflist, also inside a shell's words. */
function confFilesOf(containers: readonly unknown[]): readonly string[] {
  const words = containers.flatMap((container) => [
    ...texts(at(container, "command")),
    ...texts(at(container, "args")),
  ]);
  const found = words.flatMap((word) =>
    [...word.matchAll(/\/net\.d\/([^/\s"';]+\.(?:conf|conflist|json))(?![\w.])/g)].map((match) => match[1] ?? ""),
  );
  return [...new Set(found)];
}

/** What init containers' command lines name of the node's disk: an absolute path within a hostPath that the container mounts. */
function hostFilesOf(template: unknown): readonly string[] {
  const hostPaths = new Map(
    list(at(template, "volumes")).flatMap((volume) => {
      const path = text(at(volume, "hostPath", "path"));
      return path === "" ? [] : [[text(at(volume, "name")), path.replace(/\/+$/, "")] as const];
    }),
  );
  const found = list(at(template, "initContainers")).flatMap((container) => {
    const words = [...texts(at(container, "command")), ...texts(at(container, "args"))].flatMap((word) =>
      word.split(/[\s"';|&]+/),
    );
    return list(at(container, "volumeMounts")).flatMap((mount) => {
      const host = hostPaths.get(text(at(mount, "name")));
      const inside = `${text(at(mount, "mountPath")).replace(/\/+$/, "")}/`;
      const named = words.filter((word) => word.startsWith(inside) && word.length > inside.length);
      return host === undefined ? [] : named.map((word) => `${host}/${word.slice(inside.length)}`);
    });
  });
  return [...new Set(found)];
}

function counts(kind: WorkloadFacts["kind"], object: unknown): Pick<WorkloadFacts, "desired" | "updated" | "ready"> {
  const status = at(object, "status");
  if (kind === "DaemonSet") {
    return {
      desired: number(at(status, "desiredNumberScheduled")),
      updated: number(at(status, "updatedNumberScheduled")),
      ready: number(at(status, "numberReady")),
    };
  }
  return {
    desired: number(at(object, "spec", "replicas"), 1),
    updated: number(at(status, "updatedReplicas")),
    ready: number(at(status, "readyReplicas")),
  };
}

function hasObserved(object: unknown): boolean {
  return number(at(object, "status", "observedGeneration")) >= number(at(object, "metadata", "generation"));
}

/** Each owner as "KIND NAME". */
export function ownersOf(object: unknown): readonly string[] {
  const references = list(at(object, "metadata", "ownerReferences"));
  const named = references.map((owner) => [text(at(owner, "kind")), text(at(owner, "name"))] as const);
  return named.filter(([kind, name]) => kind !== "" && name !== "").map((owner) => owner.join(" "));
}

/** Those that are written out; what comes from a Secret or a ConfigMap is no value here. */
function envOf(containers: readonly unknown[], wanted: readonly string[]): WorkloadFacts["env"] {
  const all = containers.flatMap((container) => list(at(container, "env")));
  const told = all.flatMap((entry) => {
    const name = text(at(entry, "name"));
    const value = at(entry, "value");
    return wanted.includes(name) && typeof value === "string" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(told);
}

/** A DaemonSet, Deployment or StatefulSet as the engine knows it, with these variables of its environment. */
export function workloadFacts(
  kind: WorkloadFacts["kind"],
  object: unknown,
  environment: readonly string[] = [],
): WorkloadFacts {
  const template = at(object, "spec", "template", "spec");
  const containers = [...list(at(template, "initContainers")), ...list(at(template, "containers"))];
  return {
    kind,
    namespace: text(at(object, "metadata", "namespace")),
    name: text(at(object, "metadata", "name")),
    uid: text(at(object, "metadata", "uid")),
    labels: textMap(at(object, "metadata", "labels")),
    annotations: {
      ...textMap(at(object, "metadata", "annotations")),
      ...textMap(at(object, "spec", "template", "metadata", "annotations")),
    },
    owners: ownersOf(object),
    images: containers.map((container) => text(at(container, "image"))).filter((image) => image !== ""),
    confFiles: confFilesOf(containers),
    hostFiles: hostFilesOf(template),
    env: envOf(containers, environment),
    configMaps: list(at(template, "volumes"))
      .map((volume) => text(at(volume, "configMap", "name")))
      .filter((name) => name !== ""),
    placement: placementOf(template),
    ...counts(kind, object),
    observed: hasObserved(object),
  };
}

export function serviceFacts(service: unknown): ServiceFacts {
  const spec = fields(at(service, "spec"));
  return {
    namespace: text(at(service, "metadata", "namespace")),
    name: text(at(service, "metadata", "name")),
    type: text(spec["type"], "ClusterIP"),
    clusterIp: text(spec["clusterIP"]),
    ports: list(spec["ports"]).map((port) => number(at(port, "port"))),
    selects: Object.keys(textMap(spec["selector"])).length > 0,
    externalTrafficPolicy: text(spec["externalTrafficPolicy"]),
    internalTrafficPolicy: text(spec["internalTrafficPolicy"]),
  };
}
