import type { ObjectRef } from "../../../src/engine/model/cluster/object-ref.ts";
import { done, type Observation, waitingFor } from "../../../src/engine/model/observation.ts";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";
import { reason } from "../../../src/engine/model/reason.ts";
import type { NodeScope, RunScope } from "../../../src/engine/model/step.ts";
import type { SourceSteps, StepChange } from "../../../src/engine/sources/source-step.ts";

/** In which the bridge's daemons would be told what to do with their routes. */
const configMap: ObjectRef = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "bridge-cni" };

type AnyScope = Pick<NodeScope | RunScope, "ports">;

async function fieldOf({ objects }: Ports, field: string): Promise<string | null> {
  const { data } = (await objects.get(configMap)) ?? {};
  const value = (data as Readonly<Record<string, string>> | undefined)?.[field];
  return value ?? null;
}

async function until({ ports }: AnyScope, field: string, values: readonly (string | null)[]): Promise<Observation> {
  if (values.includes(await fieldOf(ports, field))) return done;
  const object = `ConfigMap ${configMap.namespace}/${configMap.name}`;
  return waitingFor(reason("source-object", { object, field, value: values[0] ?? null }, { object: configMap }));
}

const set = ({ ports }: AnyScope, field: string, value: string | null): Promise<void> =>
  ports.objects.merge(configMap, { data: { [field]: value } });

const change = (what: string, rollback: string | null): readonly StepChange[] => [
  { verb: "change", kind: "ConfigMap", namespace: "kube-system", name: "bridge-cni", what, rollback },
];

const timeoutMs = 60_000;

/** A step in each place; what each did is seen in one ConfigMap. */
export const bridgeSteps: SourceSteps = {
  run: [
    {
      id: "bridge/hold-routes",
      before: "install",
      timeoutMs,
      typicalMs: 1_000,
      changes: () => change("hold: true, so that routes stay as they are", "hold removed"),
      observe: (scope) => until(scope, "hold", ["true"]),
      apply: (scope) => set(scope, "hold", "true"),
      rollback: ["rollback-bridge/release-routes"],
    },
    {
      id: "bridge/look-at-routes",
      before: "node-config",
      timeoutMs,
      typicalMs: 1_000,
      changes: () => [],
      observe: (scope) => until(scope, "hold", ["true"]),
      apply: () => Promise.resolve(),
      rollback: "nothing-to-roll-back",
    },
    {
      id: "bridge/stop-owner",
      before: "remove-source",
      timeoutMs,
      typicalMs: 1_000,
      changes: () => change("owner: stopped, so that nothing puts it back", "owner removed"),
      observe: (scope) => until(scope, "owner", ["stopped"]),
      apply: (scope) => set(scope, "owner", "stopped"),
      rollback: ["rollback-bridge/start-owner"],
    },
    {
      id: "bridge/routes-gone",
      before: "clean-nodes",
      timeoutMs,
      typicalMs: 1_000,
      changes: () => [],
      observe: (scope) => until(scope, "owner", [null]),
      apply: () => Promise.resolve(),
      rollback: "point-of-no-return",
    },
  ],
  node: [
    {
      id: "bridge/leave",
      before: "enable-cilium",
      timeoutMs,
      typicalMs: 1_000,
      changes: () => change("a field for each node: leaving, then left", "the field removed"),
      observe: (scope) => until(scope, scope.node, ["leaving", "left"]),
      apply: (scope) => set(scope, scope.node, "leaving"),
      rollback: ["rollback-bridge/return"],
    },
    {
      id: "bridge/left",
      before: "uncordon",
      timeoutMs,
      typicalMs: 1_000,
      changes: () => [],
      observe: (scope) => until(scope, scope.node, ["left"]),
      apply: (scope) => set(scope, scope.node, "left"),
      rollback: ["rollback-bridge/rejoin"],
    },
  ],
  rollbackNode: [
    {
      id: "rollback-bridge/rejoin",
      before: "rollback-label",
      timeoutMs,
      observe: (scope) => until(scope, scope.node, ["leaving", null]),
      apply: (scope) => set(scope, scope.node, "leaving"),
    },
    {
      id: "rollback-bridge/return",
      before: "rollback-source",
      timeoutMs,
      observe: (scope) => until(scope, scope.node, [null]),
      apply: (scope) => set(scope, scope.node, null),
    },
  ],
  rollbackRun: [
    {
      id: "rollback-bridge/start-owner",
      before: "rollback-upgrade",
      timeoutMs,
      observe: (scope) => until(scope, "owner", [null]),
      apply: (scope) => set(scope, "owner", null),
    },
    {
      id: "rollback-bridge/release-routes",
      before: "rollback-report",
      timeoutMs,
      observe: (scope) => until(scope, "hold", [null]),
      apply: (scope) => set(scope, "hold", null),
    },
  ],
  causeOfLoss: () => Promise.resolve(null),
};
