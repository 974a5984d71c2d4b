import { probePaths } from "../../engine/model/events.ts";
import { nodeSteps, undoNodeSteps } from "../../engine/model/node-state.ts";
import { consents } from "../../engine/model/plan-types.ts";
import {
  aBoolean,
  aNumber,
  anArgument,
  anything,
  aText,
  aTime,
  byField,
  like,
  listOf,
  mapOf,
  objectOf,
  oneOf,
  orNull,
  type Shape,
} from "../objects/shape.ts";

const orAbsent =
  (shape: Shape): Shape =>
  (value, where) =>
    value === undefined ? null : shape(value, where);

const before = orNull(
  objectOf({
    at: aNumber,
    cordoned: aBoolean,
    bootId: aText,
    cniFiles: listOf(aText),
    agentUid: aText,
    agentRestarts: orAbsent(aNumber),
    daemonsDown: orAbsent(listOf(aText)),
    outgoing: orAbsent(objectOf({ step: oneOf(...undoNodeSteps), uid: aText, at: aNumber })),
    rebootAsked: orAbsent(
      objectOf({
        bootId: aText,
        at: aNumber,
        readySince: orAbsent(orNull(aNumber)),
        agent: orAbsent(objectOf({ uid: aText, restarts: aNumber })),
      }),
    ),
  }),
);

const failure = objectOf({ code: aText, message: aText, remedy: aText });

const takenBack = orAbsent(objectOf({ step: oneOf(...nodeSteps), failure }));
const tries = { again: orAbsent(aBoolean), retries: orAbsent(aNumber) };

const life = byField("phase", {
  queued: anything,
  excluded: objectOf({ because: aText }),
  migrating: objectOf({ step: oneOf(...nodeSteps), since: aNumber, stepSince: aNumber, before, ...tries }),
  failed: objectOf({
    step: oneOf(...nodeSteps, ...undoNodeSteps),
    failure,
    at: aNumber,
    since: aNumber,
    before,
    takenBack,
    ...tries,
  }),
  undoing: objectOf({
    step: oneOf(...undoNodeSteps),
    since: aNumber,
    stepSince: aNumber,
    before,
    takenBack,
    givenUp: orAbsent(aBoolean),
    ...tries,
  }),
  aside: objectOf({ at: aNumber, since: aNumber, before, takenBack }),
  restored: objectOf({ at: aNumber, takenBack }),
  migrated: objectOf({ at: aNumber, tookMs: aNumber, before }),
});

/** What a node's annotation must look like to be believed. */
export const lifeRecordShape: Shape = objectOf({ version: oneOf(1), run: aTime, life, timings: mapOf(aNumber) });

/** What comes from a cluster and becomes an argument of helm or of the container runtime must not pass for an option. */
const anImage = like(/^[a-zA-Z0-9][\w.:/@-]{0,499}$/, "name of an image");
const aName = like(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, "name that Kubernetes allows");
const aRepository = objectOf({
  repository: like(/^(https?|oci):\/\/[^\s-]\S*$/, "address of a chart repository"),
  name: like(/^[a-zA-Z0-9][\w./-]*$/, "name of a chart"),
});
const aLocalChart = objectOf({ path: like(/^\/[^\0]*$/, "whole path of a chart") });
const aChart: Shape = (value, where) =>
  (typeof value === "object" && value !== null && "path" in value ? aLocalChart : aRepository)(value, where);

/** A program and its arguments; only the program's own place is looked at. */
const aCommand: Shape = (value, where) =>
  listOf(aText)(value, where) ?? anArgument((value as readonly unknown[])[0], `${where}[0]`);

const reboot = byField("method", {
  none: anything,
  manual: anything,
  kind: anything,
  "privileged-pod": objectOf({ image: anImage }),
  command: objectOf({ argv: aCommand }),
});

const options = objectOf({
  reboot,
  soakMs: aNumber,
  drainTimeoutMs: aNumber,
  rebootTimeoutMs: aNumber,
  onNodeFailure: oneOf("stop", "undo", "skip"),
  maxFailures: aNumber,
  retries: aNumber,
  deleteEmptyDirData: aBoolean,
  deleteBarePods: aBoolean,
  accept: listOf(aText),
  whenLeft: oneOf("pause", "continue"),
  exclude: listOf(aText),
  probeImage: anImage,
});

/** What a plan must look like to be carried out; that nobody changed it is told by its checksum. */
export const planShape: Shape = objectOf({
  version: oneOf(1),
  hash: aText,
  at: aNumber,
  cluster: objectOf({
    context: aText,
    server: aText,
    uid: aText,
    kubernetesVersion: aText,
    serviceCidrs: listOf(aText),
  }),
  source: objectOf({
    id: like(/^[a-z][a-z0-9-]{0,40}$/, "name of a source CNI"),
    name: aText,
    namespace: aText,
    daemonSets: listOf(aText),
    confFile: like(/^[\w-][\w.-]*\.(conf|conflist|json)$/, "name of a CNI configuration file"),
    network: orNull(like(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "name of a CNI network")),
    plugins: listOf(like(/^\/opt\/cni\/bin\/[A-Za-z0-9][\w.-]*$/, "path of a CNI plugin")),
    stateFolders: listOf(like(/^\/(var\/)?(run|lib)\/[A-Za-z0-9][\w.-]*$/, "folder of a CNI's state")),
    nftImage: orNull(anImage),
    ownsNamespace: aBoolean,
    namespaceKeepers: listOf(aText),
    podCidrs: listOf(aText),
    mode: aText,
    encapsulations: listOf(
      objectOf({
        protocol: oneOf("vxlan", "geneve", "wireguard", "ipip"),
        port: orNull(aNumber),
        vni: orNull(aNumber),
      }),
    ),
  }),
  cilium: objectOf({
    version: like(/^v?\d+\.\d+[\w.+-]*$/, "version"),
    namespace: aName,
    release: aName,
    chart: aChart,
    chartDigest: like(/^[0-9a-f]{64}$/, "digest of a chart"),
    podCidr: like(/^[0-9a-f.:]+\/\d+$/, "range"),
    maskSize: aNumber,
    tunnelPort: aNumber,
  }),
  namespaceOfOthers: orAbsent(aBoolean),
  nodes: listOf(
    objectOf({ name: aText, turn: oneOf("canary", "worker", "control-plane", "own-node"), estimateMs: aNumber }),
  ),
  outside: listOf(objectOf({ name: aText, because: aText })),
  options,
  values: objectOf({
    initial: objectOf({}),
    final: objectOf({}),
    initialYaml: aText,
    finalYaml: aText,
    difference: listOf(anything),
  }),
  touches: listOf(objectOf({ verb: aText, kind: aText, name: aText })),
  undoableUntil: aText,
  estimateMs: aNumber,
  verdicts: listOf(anything),
});

/** What is asked of the runner in ConfigMap crossfade/watchers, and how it answers. */
export const requestShape: Shape = objectOf({
  id: aText,
  ask: oneOf("pause", "resume", "hand-over-run"),
  by: aText,
  at: aNumber,
});

export const answerShape: Shape = objectOf({ refused: orNull(aText), by: aText, at: aNumber });

const hold = objectOf({
  because: aText,
  object: orNull(aText),
  clearedBy: aText,
  since: aNumber,
  needsPerson: aBoolean,
});

const scores = listOf(
  objectOf({
    path: oneOf(...probePaths),
    sent: aNumber,
    lost: aNumber,
    expected: aNumber,
    unknown: aNumber,
    longestGapMs: aNumber,
    lastOkAt: orNull(aNumber),
    lastError: aText,
    lastErrorBetween: aText,
    notMeasured: aText,
  }),
);

const broken = objectOf({
  path: oneOf(...probePaths),
  between: aText,
  nodes: listOf(aText),
  since: aNumber,
  error: aText,
  during: aText,
  lasting: aBoolean,
});

/** What the runner publishes for those who watch it. */
export const newsShape: Shape = objectOf({
  version: oneOf(1),
  at: aNumber,
  holder: aText,
  pace: oneOf("running", "pausing", "paused"),
  takesHoldAt: aText,
  asking: orNull(oneOf(...consents)),
  hold: orNull(hold),
  holds: mapOf(objectOf({ step: oneOf(...nodeSteps, ...undoNodeSteps), hold })),
  steps: mapOf(
    byField("state", { doing: objectOf({ since: aNumber }), failed: objectOf({ failure }), done: anything }),
  ),
  scores,
  broken: listOf(broken),
  log: listOf(objectOf({ at: aNumber, level: oneOf("info", "warning", "error"), node: orNull(aText), text: aText })),
});

/** The rest of the run's record, without its plan. */
export const runStateShape: Shape = objectOf({
  version: oneOf(1),
  direction: oneOf("forward", "back"),
  paused: aBoolean,
  consents: mapOf(objectOf({ by: aText, at: aNumber })),
  whenLeft: oneOf("pause", "continue"),
  startedAt: aTime,
  finished: orNull(objectOf({ at: aNumber, outcome: oneOf("migrated", "undone") })),
  stepsDone: mapOf(aNumber),
  started: listOf(aText),
  measured: objectOf({
    scores,
    broken: listOf(broken),
    decisions: listOf(objectOf({ at: aNumber, by: aText, request: aText, about: listOf(aText) })),
  }),
});
