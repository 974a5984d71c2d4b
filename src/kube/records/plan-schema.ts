import * as v from "valibot";
import type { CheckResult } from "../../engine/model/check-result.ts";
import type { FrozenOwner } from "../../engine/model/plan/frozen-owner.ts";
import type {
  CiliumTarget,
  Plan,
  PlannedChange,
  RebootMethod,
  RunOptions,
  SourceFacts,
} from "../../engine/model/plan-types.ts";
import { checkIds } from "../../engine/model/reasons/findings.ts";
import { reasonSchema } from "./reason-schema.ts";
import {
  aBoolean,
  agreeing,
  aJsonObject,
  aNumber,
  anyJson,
  aText,
  byField,
  like,
  listOf,
  objectOf,
  oneOf,
  only,
  orAbsent,
  orNull,
} from "./schema-parts.ts";
import { runStep, sourceSteps } from "./step-schema.ts";

/** What comes from a cluster and becomes an argument of helm or of the container runtime must not pass for an option. */
const anImage = like(/^[a-zA-Z0-9][\w.:/@-]{0,499}$/, "name of an image");
const aName = like(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, "name that Kubernetes allows");
const aRepository = objectOf({
  repository: like(/^(https?|oci):\/\/[^\s-]\S*$/, "address of a chart repository"),
  name: like(/^[a-zA-Z0-9][\w./-]*$/, "name of a chart"),
});
const aLocalChart = objectOf({ path: like(/^\/[^\0]*$/, "whole path of a chart") });
const aChart = v.lazy((value) =>
  typeof value === "object" && value !== null && "path" in value ? aLocalChart : aRepository,
) as v.GenericSchema<unknown, CiliumTarget["chart"]>;

/** A text that no program takes for an option or for nothing. */
const anArgument = /^[^-\s\0][^\0]*$/;

/** A program and its arguments; only the program's own place is looked at. */
const aCommand = v.pipe(
  listOf(aText),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || anArgument.test(dataset.value[0] ?? "")) return;
    const [value] = dataset.value;
    const message = value === undefined ? "is missing" : "could be read as an option";
    addIssue({ message, path: [{ type: "array", origin: "value", input: dataset.value, key: 0, value }] });
  }),
);

const reboot = agreeing<RebootMethod>()(
  byField("method", [
    objectOf({ method: only("none") }),
    objectOf({ method: only("manual") }),
    objectOf({ method: only("kind") }),
    objectOf({ method: only("privileged-pod"), image: anImage }),
    objectOf({ method: only("command"), argv: aCommand }),
  ]),
);

export const whenLeft = oneOf(["pause", "continue"]);

const options = agreeing<RunOptions>()(
  objectOf({
    reboot,
    soakMs: aNumber,
    drainTimeoutMs: aNumber,
    rebootTimeoutMs: aNumber,
    onNodeFailure: oneOf(["stop", "rollback", "skip"]),
    maxFailures: aNumber,
    retries: aNumber,
    deleteEmptyDirData: aBoolean,
    deleteBarePods: aBoolean,
    accept: listOf(aText),
    whenLeft,
    exclude: listOf(aText),
    probeImage: anImage,
  }),
);

const source = agreeing<SourceFacts>()(
  objectOf({
    id: like(/^[a-z][a-z0-9-]{0,40}$/, "name of a source CNI"),
    name: aText,
    version: aText,
    namespace: aText,
    workloads: listOf(objectOf({ kind: oneOf(["DaemonSet", "Deployment"]), namespace: aText, name: aText })),
    confFile: like(/^[\w-][\w.-]*\.(conf|conflist|json)$/, "name of a CNI configuration file"),
    network: orNull(like(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "name of a CNI network")),
    plugins: listOf(like(/^\/opt\/cni\/bin\/[A-Za-z0-9][\w.-]*$/, "path of a CNI plugin")),
    stateFolders: listOf(like(/^\/(var\/)?(run|lib)\/[A-Za-z0-9][\w.-]*$/, "folder of a CNI's state")),
    nftImage: orNull(anImage),
    mode: aText,
    podCidrs: listOf(aText),
    otherRanges: orAbsent(listOf(objectOf({ cidr: aText, what: aText, inUse: aBoolean }))),
    encapsulations: listOf(
      objectOf({
        protocol: oneOf(["vxlan", "geneve", "wireguard", "ipip"]),
        port: orNull(aNumber),
        vni: orNull(aNumber),
      }),
    ),
    mtu: aNumber,
    enforcesPolicies: aBoolean,
    own: orNull(aJsonObject),
    ownsNamespace: aBoolean,
    namespaceKeepers: listOf(aText),
  }),
);

const cilium = agreeing<CiliumTarget>()(
  objectOf({
    version: like(/^v?\d+\.\d+[\w.+-]*$/, "version"),
    namespace: aName,
    release: aName,
    chart: aChart,
    chartDigest: orAbsent(like(/^[0-9a-f]{64}$/, "digest of a chart")),
    podCidr: like(/^[0-9a-f.:]+\/\d+$/, "range"),
    maskSize: aNumber,
    tunnelProtocol: oneOf(["vxlan", "geneve"]),
    tunnelPort: aNumber,
    operatorReplicas: aNumber,
    mtu: orAbsent(aNumber),
    nativeRoutingCidr: orAbsent(like(/^[0-9.]+\/\d+$/, "range")),
    machinesOnly: orAbsent(only(true)),
  }),
);

const frozenOwner = agreeing<FrozenOwner>()(
  objectOf({
    apiVersion: like(
      /^(apps|argoproj\.io|(kustomize|helm)\.toolkit\.fluxcd\.io)\/v\d+((alpha|beta)\d+)?$/,
      "API version of an owner",
    ),
    kind: oneOf(["Deployment", "StatefulSet", "Application", "Kustomization", "HelmRelease"]),
    namespace: aName,
    name: aName,
    ofSource: aBoolean,
  }),
);

const change = agreeing<PlannedChange>()(
  objectOf({
    verb: oneOf(["create", "change", "delete"]),
    kind: aText,
    namespace: orNull(aText),
    name: aText,
    what: aText,
    phase: runStep,
    rollback: orNull(aText),
  }),
);

const result = agreeing<CheckResult>()(
  objectOf({
    check: oneOf(checkIds),
    level: oneOf(["ok", "warning", "blocker"]),
    reason: orNull(reasonSchema),
    objects: listOf(aText),
    accepted: orAbsent(only(true)),
  }),
);

/** What a plan must look like to be carried out; that nobody changed it is told by its checksum. */
export const planSchema = agreeing<Plan>()(
  objectOf({
    version: only(1),
    hash: aText,
    at: aNumber,
    cluster: objectOf({
      context: aText,
      server: aText,
      uid: aText,
      kubernetesVersion: aText,
      serviceCidrs: listOf(aText),
    }),
    source,
    sourceSteps: orAbsent(sourceSteps),
    cilium,
    frozen: orAbsent(listOf(frozenOwner)),
    secondRound: orAbsent(only(true)),
    namespaceOfOthers: orAbsent(only(true)),
    nodes: listOf(
      objectOf({
        name: aText,
        turn: oneOf(["canary", "worker", "control-plane", "own-node"]),
        podsToMove: aNumber,
        estimateMs: aNumber,
      }),
    ),
    outside: listOf(objectOf({ name: aText, because: aText })),
    options,
    values: objectOf({
      initial: aJsonObject,
      final: aJsonObject,
      initialYaml: aText,
      finalYaml: aText,
      difference: listOf(objectOf({ path: aText, initial: anyJson, final: anyJson })),
    }),
    changes: listOf(change),
    rollbackUntil: aText,
    estimateMs: aNumber,
    checkResults: listOf(result),
  }),
);
