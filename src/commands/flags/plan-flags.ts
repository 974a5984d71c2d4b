import type { RebootMethod } from "../../engine/model/plan-types.ts";
import { defaultPlanInput, type PlanInput } from "../../engine/plan/plan-input.ts";
import { acceptableChecks, checksOf } from "../../engine/preflight/preflight.ts";
import { sources } from "../../engine/sources/registry.ts";
import type { Flags, Given } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { argumentVector } from "./argument-vector.ts";
import { chartOf } from "./chart-flags.ts";
import { durationMs } from "./durations.ts";
import { isSet, oneOf, text, texts, wholeNumber } from "./flags.ts";
import { readValues } from "./read-values.ts";
import { secretArgument } from "./secret-values.ts";

/** [HOST[:PORT]/]PATH[:TAG][@sha256:DIGEST], as container runtimes read references. */
const imageReference =
  /^(?:[a-zA-Z0-9](?:[-a-zA-Z0-9.]*[a-zA-Z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/** Pods are made of it on every node: a typing error should be found here. */
function image(given: Given): string {
  const name = text(given, "probe-image");
  if (name === undefined) return defaultPlanInput.probeImage;
  if (name.length <= 500 && imageReference.test(name)) return name;
  const isDigest = name.includes("@");
  throw new CommandError(
    "USAGE",
    `--probe-image ${name} is not ${isDigest ? "an image with a digest" : "the name of an image"}`,
    `write it as ${defaultPlanInput.probeImage}, or with @sha256: and 64 hexadecimal digits behind it`,
  );
}

const rebootMethods = ["none", "manual", "kind", "privileged-pod", "command"] as const;

/** Everything that may be decided before a run; part of the plan and of its hash. */
export const planFlags = {
  "cilium-version": {
    type: "string",
    value: "V",
    help: `Cilium to install (default: ${defaultPlanInput.ciliumVersion})`,
  },
  chart: {
    type: "string",
    value: "FILE|oci://…",
    help: "a chart's archive, or a chart in an OCI registry, instead of Cilium's own repository",
  },
  "chart-repo": {
    type: "string",
    value: "URL",
    help: "a chart repository that has the chart cilium, such as a mirror",
  },
  "helm-values": { type: "string", value: "FILE", help: "your own Helm values, merged into ours" },
  "pod-cidr": { type: "string", value: "CIDR", help: "range of the new pod addresses (default: a free one)" },
  "mask-size": { type: "string", value: "N", help: "prefix length of each node's piece of it" },
  "tunnel-port": {
    type: "string",
    value: "PORT",
    help: "UDP port of Cilium's overlay (default: apart from the old one)",
  },
  "tunnel-protocol": { type: "string", value: "P", help: "vxlan or geneve" },
  "extra-cidr": {
    type: "string",
    value: "CIDR",
    multiple: true,
    help: "a range that pods must keep reaching; repeatable",
  },
  reboot: { type: "string", value: "METHOD", help: `${rebootMethods.join(", ")} (default: privileged-pod)` },
  "reboot-command": {
    type: "string",
    value: "ARGV",
    help: "for --reboot command: split at blanks, no shell; {node} and {address} are replaced",
  },
  soak: { type: "string", value: "TIME", help: "watch a moved node for this long (default: 5s)" },
  "drain-timeout": {
    type: "string",
    value: "TIME",
    help: "a drain that takes longer fails the node (default: 10m; 0: never)",
  },
  "reboot-timeout": {
    type: "string",
    value: "TIME",
    help: "a node that takes longer to come back from its reboot fails (default: 20m; 0: never)",
  },
  "on-node-failure": {
    type: "string",
    value: "WHAT",
    help: "stop: leave the failed node as it is and ask; rollback: roll it back, then ask; skip: roll it back, exclude it and go on (default: stop)",
  },
  "max-failures": {
    type: "string",
    value: "N",
    help: "for --on-node-failure skip: so many nodes may fail, one more stops the run (default: 1)",
  },
  retries: {
    type: "string",
    value: "N",
    help: "begin a failed step again by itself, where that is safe, so many times (default: 1)",
  },
  "delete-emptydir-data": { type: "boolean", help: "evict pods that keep data in emptyDir volumes" },
  "delete-bare-pods": { type: "boolean", help: "evict pods without a controller, which nothing brings back" },
  accept: {
    type: "string",
    value: "CHECKS",
    help: `begin although these checks block, and let drains wait: ${acceptableChecks.join(", ")} (comma-separated)`,
  },
  "second-reboot-round": {
    type: "boolean",
    help: "drain and restart every node a second time once the old CNI is removed (--reboot privileged-pod or command)",
  },
  "freeze-owners": {
    type: "boolean",
    help: "scale autoscalers to zero and suspend GitOps objects that own the old CNI; put back at the end, or by a rollback",
  },
  "backup-taken": {
    type: "string",
    value: "WHAT",
    help: "which backup of etcd and of the old CNI's objects there is, as you call it; kept with the plan",
  },
  exclude: { type: "string", value: "NODES", help: "exclude these nodes for now (comma-separated)" },
  "when-left": { type: "string", value: "WHAT", help: "pause or continue when the panel goes away (default: pause)" },
  "probe-image": {
    type: "string",
    value: "IMAGE",
    help: `image of our pods, by digest if you like: NAME@sha256:… (default: ${defaultPlanInput.probeImage})`,
  },
} as const satisfies Flags;

/** The plan is recorded in a ConfigMap and in the journal; a running command's arguments can be read by everybody. */
function withoutSecrets(argv: readonly string[]): readonly string[] {
  const secret = secretArgument(argv);
  if (secret === null) return argv;
  throw new CommandError(
    "USAGE",
    `--reboot-command holds a secret (${secret}), and commands are recorded`,
    "name a script of yours that reads it from a file",
  );
}

function reboot(given: Given, image: string): RebootMethod {
  const template = text(given, "reboot-command");
  const method = oneOf(given, "reboot", rebootMethods) ?? (template === undefined ? "privileged-pod" : "command");
  if (method === "command") {
    if (template === undefined) {
      throw new CommandError(
        "USAGE",
        "--reboot command needs a command",
        "add --reboot-command 'ssh {node} sudo systemctl reboot'",
      );
    }
    return { method, argv: withoutSecrets(argumentVector(template, "reboot-command")) };
  }
  if (template !== undefined) {
    throw new CommandError(
      "USAGE",
      `--reboot-command does not go with --reboot ${method}`,
      "use --reboot command, or omit it",
    );
  }
  return method === "privileged-pod" ? { method, image } : { method };
}

const list = (given: Given, flag: string) =>
  (text(given, flag) ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** Names of checks; a wrong one would let a run begin that its operator did not mean. */
function accepted(given: Given): readonly string[] {
  const names = list(given, "accept");
  const stranger = names.find((name) => !acceptableChecks.includes(name));
  if (stranger === undefined) return [...new Set(names)].toSorted();
  const isCheck = sources.flatMap(checksOf).some(({ id }) => id === stranger);
  throw new CommandError(
    "USAGE",
    `--accept ${stranger}: ${isCheck ? "what this check finds cannot be accepted, neither time nor an operator clears it" : "there is no such check"}`,
    `checks that can be accepted: ${acceptableChecks.join(", ")}`,
  );
}

/** Whether a node was restarted is told by its boot ID alone there: a container keeps it, and nobody is asked a second time. */
function secondRound(given: Given, probeImage: string): boolean {
  const { method } = reboot(given, probeImage);
  if (!isSet(given, "second-reboot-round")) return false;
  if (method === "privileged-pod" || method === "command") return true;
  throw new CommandError(
    "USAGE",
    `--second-reboot-round does not go with --reboot ${method}`,
    "use --reboot privileged-pod or command, or restart the nodes by hand once the run has ended: drain, restart, uncordon",
  );
}

/** It is kept with the plan: a word is enough, a page is too much. */
function namedBackup(words: string): string {
  const said = words.trim();
  if (said !== "" && said.length <= 200) return said;
  throw new CommandError(
    "USAGE",
    said === "" ? "--backup-taken names no backup" : "--backup-taken is longer than 200 characters",
    "name it as you would find it again: --backup-taken 'etcd-2030-01-31.db on backup-1'",
  );
}

/** Only what was given: what is left out is chosen from the cluster. */
function choices(given: Given): Partial<PlanInput> {
  const podCidr = text(given, "pod-cidr");
  const maskSize = wholeNumber(given, "mask-size", [8, 128]);
  const tunnelPort = wholeNumber(given, "tunnel-port", [1, 65_535]);
  const tunnelProtocol = oneOf(given, "tunnel-protocol", ["vxlan", "geneve"] as const);
  const chart = chartOf(given);
  const values = text(given, "helm-values");
  const backupTaken = text(given, "backup-taken");
  return {
    ...(podCidr === undefined ? {} : { podCidr }),
    ...(maskSize === undefined ? {} : { maskSize }),
    ...(tunnelPort === undefined ? {} : { tunnelPort }),
    ...(tunnelProtocol === undefined ? {} : { tunnelProtocol }),
    ...(chart === undefined ? {} : { chart }),
    ...(backupTaken === undefined ? {} : { backupTaken: namedBackup(backupTaken) }),
    ...(values === undefined ? {} : { userValues: readValues(values) }),
  };
}

/** What is done about a node that fails. */
function failures(given: Given): Pick<PlanInput, "rebootTimeoutMs" | "onNodeFailure" | "maxFailures" | "retries"> {
  const reboots = text(given, "reboot-timeout");
  const onNodeFailure =
    oneOf(given, "on-node-failure", ["stop", "rollback", "skip"] as const) ?? defaultPlanInput.onNodeFailure;
  const maxFailures = wholeNumber(given, "max-failures", [0, 5_000]);
  if (maxFailures !== undefined && onNodeFailure !== "skip") {
    throw new CommandError(
      "USAGE",
      `--max-failures does not go with --on-node-failure ${onNodeFailure}: the first failure stops the run`,
      "use --on-node-failure skip, or omit it",
    );
  }
  return {
    rebootTimeoutMs: reboots === undefined ? defaultPlanInput.rebootTimeoutMs : durationMs(reboots, "reboot-timeout"),
    onNodeFailure,
    maxFailures: maxFailures ?? defaultPlanInput.maxFailures,
    retries: wholeNumber(given, "retries", [0, 10]) ?? defaultPlanInput.retries,
  };
}

export function planInput(given: Given): PlanInput {
  const probeImage = image(given);
  const soak = text(given, "soak");
  const drain = text(given, "drain-timeout");
  return {
    ...defaultPlanInput,
    ...choices(given),
    ...failures(given),
    ciliumVersion: text(given, "cilium-version") ?? defaultPlanInput.ciliumVersion,
    extraCidrs: texts(given, "extra-cidr"),
    freezeOwners: isSet(given, "freeze-owners"),
    secondRound: secondRound(given, probeImage),
    probeImage,
    reboot: reboot(given, probeImage),
    soakMs: soak === undefined ? defaultPlanInput.soakMs : durationMs(soak, "soak"),
    drainTimeoutMs: drain === undefined ? defaultPlanInput.drainTimeoutMs : durationMs(drain, "drain-timeout"),
    deleteEmptyDirData: isSet(given, "delete-emptydir-data"),
    deleteBarePods: isSet(given, "delete-bare-pods"),
    accept: accepted(given),
    exclude: list(given, "exclude"),
    whenLeft: oneOf(given, "when-left", ["pause", "continue"] as const) ?? defaultPlanInput.whenLeft,
  };
}
