import type { RightsStage } from "../engine/model/facts.ts";
import type { SourceRight } from "../engine/model/ports/source-directory.ts";
import { ownerKinds, ownerRight } from "../engine/owners/owner-rights.ts";
import { draftRights } from "../engine/policies/draft-objects.ts";
import { sources } from "../engine/sources/registry.ts";
import { probeNamespace } from "../kube/nodes/own-namespace-manifest.ts";
import { rightsStages } from "../kube/ports/rights.ts";
import type { Command, Given } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { isSet, oneOf, text, texts } from "./flags/flags.ts";
import { rbacObjects, rbacYaml, type Subject } from "./rbac-manifest.ts";
import { rightsFor, usualRights } from "./usual-rights.ts";

/** What the API server takes as the name of an object of these kinds. */
const dnsName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

function checked(given: Given, flag: string): string | undefined {
  const name = text(given, flag);
  if (name === undefined || dnsName.test(name)) return name;
  throw new CommandError("USAGE", `--${flag} ${name} is no name of Kubernetes`, "give it as kubectl shows it");
}

function serviceAccount(given: Given, stage: RightsStage): Subject {
  const whole = text(given, "service-account") ?? `${probeNamespace}/crossfade-${stage}`;
  const [namespace = "", name = "", ...more] = whole.split("/");
  if (more.length === 0 && dnsName.test(namespace) && dnsName.test(name))
    return { kind: "ServiceAccount", namespace, name };
  throw new CommandError(
    "USAGE",
    `--service-account ${whole} is not NAMESPACE/NAME`,
    "write it as crossfade/operator, for example",
  );
}

function subject(given: Given, stage: RightsStage): Subject {
  const chosen = ["user", "group", "service-account"].filter((flag) => text(given, flag) !== undefined);
  if (chosen.length > 1) {
    const both = chosen.map((flag) => `--${flag}`).join(" and ");
    throw new CommandError("USAGE", `${both} are given`, "name one subject; call crossfade rbac again for another");
  }
  const user = text(given, "user");
  const group = text(given, "group");
  if (user !== undefined) return { kind: "User", name: user };
  return group === undefined ? serviceAccount(given, stage) : { kind: "Group", name: group };
}

/** One object by name: a role that may patch every Deployment is more than this needs. */
function ownerOf(whole: string): SourceRight {
  const [kind = "", name = "", ...more] = whole.split("/");
  const known = ownerKinds.find((one) => one === kind.toLowerCase());
  if (known !== undefined && more.length === 0 && dnsName.test(name)) return ownerRight(known, name);
  throw new CommandError(
    "USAGE",
    `--freeze-owner ${whole} is not KIND/NAME`,
    `write it as deployment/cluster-autoscaler; kinds: ${ownerKinds.join(", ")}`,
  );
}

/** To look and to ask needs nothing of the old CNI's own; whoever moves and removes it needs rights on its objects, and no other's. */
function sourceFor(given: Given, stage: RightsStage): string | undefined {
  const id = text(given, "source");
  if (id !== undefined || stage === "view" || stage === "request") return id;
  throw new CommandError(
    "USAGE",
    `the role of stage ${stage} holds rights on the old CNI's own objects, and --source does not say which CNI that is`,
    `name it: --source ${sources.map((source) => source.id).join(" or --source ")}`,
  );
}

/** Who writes policies can open and close what others guard: nobody has it who did not ask. */
function policyRights(given: Given, stage: RightsStage): readonly SourceRight[] {
  if (!isSet(given, "with-policies")) return [];
  if (stage === "operate" || stage === "finalize") return draftRights;
  throw new CommandError(
    "USAGE",
    `the role of stage ${stage} writes nothing`,
    "say --stage operate with --with-policies",
  );
}

/** The least role for a stage, from the very table that preflight asks by; asks no cluster. */
export const rbac: Command = {
  name: "rbac",
  summary: "Print minimal RBAC to view, request, operate or finalize a migration",
  flags: {
    stage: {
      type: "string",
      value: "STAGE",
      help: "view: read only; request: also pause and resume; operate: also migrate and roll back; finalize: also remove the old CNI (default)",
    },
    user: { type: "string", value: "NAME", help: "give it to this user" },
    group: { type: "string", value: "NAME", help: "give it to this group" },
    "service-account": {
      type: "string",
      value: "NS/NAME",
      help: "give it to this service account (default: crossfade/crossfade-STAGE, which is created)",
    },
    "cilium-namespace": {
      type: "string",
      value: "NS",
      help: `where Cilium is to live (default: ${usualRights.ciliumNamespace})`,
    },
    source: {
      type: "string",
      value: "NAME",
      help: `the old CNI: ${sources.map(({ id }) => id).join(", ")}; needed for operate and finalize`,
    },
    "source-namespace": {
      type: "string",
      value: "NS",
      help: "namespace of the old CNI (default: that of its own manifest)",
    },
    "freeze-owner": {
      type: "string",
      value: "KIND/NAME",
      multiple: true,
      help: `an owner that --freeze-owners may hold still (${ownerKinds.join(", ")}); repeatable`,
    },
    "with-policies": {
      type: "boolean",
      help: "with operate and finalize: also crossfade policies apply, rollback and try",
    },
    "source-daemonset": {
      type: "string",
      value: "NAME",
      multiple: true,
      help: "the old CNI's DaemonSet (default: as its own manifest calls it)",
    },
  },
  run(given, _operands, world) {
    const stage = oneOf(given, "stage", rightsStages) ?? "finalize";
    const wanted = rightsFor(checked(given, "cilium-namespace") ?? usualRights.ciliumNamespace, {
      id: sourceFor(given, stage),
      namespace: checked(given, "source-namespace"),
      daemonSets: texts(given, "source-daemonset"),
    });
    const { source } = wanted;
    const ofSteps = [...source.ofSteps, ...texts(given, "freeze-owner").map(ownerOf), ...policyRights(given, stage)];
    const all = { ...wanted, source: { ...source, ofSteps } };
    world.stdout.write(rbacYaml(rbacObjects(stage, subject(given, stage), all)));
    return Promise.resolve(exitCodes.done);
  },
};
