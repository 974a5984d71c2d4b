import { writeFileSync } from "node:fs";
import type { CiliumTarget, JsonValue } from "../src/engine/model/plan-types.ts";
import { commentAt } from "../src/engine/values/comments.ts";
import { leavesOf, valueAt } from "../src/engine/values/merge.ts";
import { removedValues, reservedConfig, valueRules } from "../src/engine/values/rules.ts";
import { documentedDifference, essentialValues, softValues } from "../src/engine/values/values.ts";

/** What the examples on the page stand for: Flannel with VXLAN on 8472, more than one node. */
const target: CiliumTarget = {
  version: "1.18.12",
  namespace: "kube-system",
  release: "cilium",
  chart: { repository: "https://helm.cilium.io/", name: "cilium" },
  chartDigest: "0".repeat(64),
  podCidr: "10.245.0.0/16",
  maskSize: 24,
  tunnelProtocol: "vxlan",
  tunnelPort: 8473,
  operatorReplicas: 2,
};

/** Values that the plan chooses from the cluster, by the flag that overrules it. */
const chosen: Readonly<Record<string, string>> = {
  tunnelProtocol: "`--tunnel-protocol`",
  tunnelPort: "`--tunnel-port`",
  "ipam.operator.clusterPoolIPv4PodCIDRList": "`--pod-cidr`",
  "ipam.operator.clusterPoolIPv4MaskSize": "`--mask-size`",
  "operator.replicas": "your values file",
};

const shown = (value: JsonValue | undefined) => (value === "" ? '`""`' : `\`${JSON.stringify(value ?? null)}\``);

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
  [heads, heads.map(() => "---"), ...rows].map(row).join("\n");

function difference(): string {
  const initial = essentialValues(target, "initial");
  const final = essentialValues(target, "final");
  return table(
    ["value", "beside the old CNI", "at the end", "why"],
    documentedDifference.map((path) => [
      `\`${path}\``,
      shown(valueAt(initial, path)),
      shown(valueAt(final, path)),
      `${commentAt("initial")(path)} ${commentAt("final")(path)?.replace(/^FINAL: /, "At the end: ")}`,
    ]),
  );
}

function same(): string {
  const changing: ReadonlySet<string> = new Set(documentedDifference);
  const rows = leavesOf(essentialValues(target, "initial"))
    .filter(([path]) => !changing.has(path))
    .map(([path, value]) => [`\`${path}\``, shown(value), chosen[path] ?? "", commentAt("initial")(path) ?? ""]);
  return table(["value", "example", "chosen by", "why"], rows);
}

function soft(): string {
  const rows = leavesOf(softValues(target)).map(([path, value]) => [
    `\`${path}\``,
    shown(value),
    commentAt("initial")(path) ?? "",
  ]);
  return table(["value", "ours", "why"], rows);
}

function refused(): string {
  const rows = valueRules.map(({ path, only, because }) => [
    `\`${path}\``,
    only.map(shown).join(", "),
    `${because.charAt(0).toUpperCase()}${because.slice(1)}.`,
  ]);
  return table(["value", "may only be", "any other, because"], rows);
}

/** docs/values.md, from the code that makes the values. */
export function valuesPage(): string {
  const removed = Object.entries(removedValues).map(([path, instead]) => [`\`${path}\``, instead]);
  return `# Helm values

Made from \`src/engine/values/\` by \`node scripts/generate-values.ts\`; do not edit.

Cilium is installed by its own Helm chart, twice with nearly the same values. First beside the old CNI, told to take nothing
over: this is the hybrid phase, in which nodes move one by one. At the end with the final values, which put Cilium in charge
of every node. Names are those of the charts 1.16 to 1.20.

\`crossfade plan --values DIR\` writes both files, commented, without touching the cluster: \`values-initial.yaml\` and
\`values-final.yaml\`, and the same as JSON. Helm is handed the JSON, so that its reading of YAML cannot change a value.

The examples below stand for a cluster whose Flannel uses VXLAN on UDP 8472.

## The three values that change at the end

${difference()}

## What the hybrid phase rests on

The same in both files. Your own file cannot change them, except by agreeing with the plan.

${same()}

\`bpf.hostLegacyRouting\` stays \`true\` at the end. Changing it interrupts connections, so it is left for a day of its own.

## What your file may choose otherwise

${soft()}

## Your own values

\`--helm-values FILE\` merges your file into ours, as Helm merges: maps are merged, lists replaced. It is read as YAML 1.1,
as Helm does. What your file says of the pool, the mask, the tunnel and the operator's replicas becomes part of the plan; a
flag that says otherwise is refused. A name that looks like a typo is refused, with the name that was probably meant; one
that resembles nothing is a warning. Names and kinds are those of the \`values.schema.json\` of the chart that is installed; where it
has none, preflight says so.

These values are refused where the file gives them any other value, all of them in one sentence, and nothing is touched:

${refused()}

\`extraConfig\` must not set the keys that these values render: ${[...reservedConfig].map((key) => `\`${key}\``).join(", ")}.
\`nodeSelector\` must not narrow the nodes that agents run on.

Values that older charts had:

${table(["value", "instead"], removed)}
`;
}

if (import.meta.main) writeFileSync(new URL("../docs/values.md", import.meta.url), valuesPage());
