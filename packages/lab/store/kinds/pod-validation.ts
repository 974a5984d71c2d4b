import type { Faults } from "../faults.ts";
import { same, type Tree, text, treesIn } from "../json-tree.ts";
import type { Change } from "./kind-rules.ts";
import { checkSyntax, dnsLabel } from "./names.ts";

/** What a pod spec must have, in pods and in templates (`path` is "spec" or "spec.template.spec"). */
export function validatePodSpec(spec: Tree, path: string, faults: Faults): void {
  const volumes = treesIn(spec.volumes);
  checkNames(volumes, `${path}.volumes`, faults);
  const containers = treesIn(spec.containers);
  if (containers.length === 0) faults.required(`${path}.containers`);
  const inits = treesIn(spec.initContainers);
  const volumeNames = new Set(volumes.map(({ name }) => name));
  validateContainers(containers, `${path}.containers`, volumeNames, faults);
  validateContainers(inits, `${path}.initContainers`, volumeNames, faults);
  const names = new Set(containers.map(({ name }) => name));
  inits.forEach(({ name }, index) => {
    if (names.has(name)) faults.duplicate(`${path}.initContainers[${index}].name`, name);
  });
  oneOf(spec.restartPolicy, ["Always", "OnFailure", "Never"], `${path}.restartPolicy`, faults);
  oneOf(spec.dnsPolicy, ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], `${path}.dnsPolicy`, faults);
  validateTolerations(treesIn(spec.tolerations), `${path}.tolerations`, faults);
}

/** An enum; left out is somebody else's business. */
export function oneOf(value: unknown, supported: readonly string[], field: string, faults: Faults): void {
  if (value !== undefined && !supported.includes(text(value))) faults.unsupported(field, value, supported);
}

function checkNames(items: readonly Tree[], path: string, faults: Faults): void {
  const seen = new Set<unknown>();
  items.forEach(({ name }, index) => {
    const field = `${path}[${index}].name`;
    if (!name) faults.required(field);
    else if (seen.has(name)) faults.duplicate(field, name);
    else checkSyntax(field, name, dnsLabel, faults);
    seen.add(name);
  });
}

function validateContainers(
  containers: readonly Tree[],
  path: string,
  volumes: ReadonlySet<unknown>,
  faults: Faults,
): void {
  checkNames(containers, path, faults);
  containers.forEach((container, index) => {
    const here = `${path}[${index}]`;
    if (!container.image) faults.required(`${here}.image`);
    oneOf(container.imagePullPolicy, ["Always", "IfNotPresent", "Never"], `${here}.imagePullPolicy`, faults);
    treesIn(container.volumeMounts).forEach((mount, at) => {
      if (!mount.mountPath) faults.required(`${here}.volumeMounts[${at}].mountPath`);
      if (!volumes.has(mount.name)) faults.absent(`${here}.volumeMounts[${at}].name`, mount.name);
    });
    treesIn(container.env).forEach(({ name }, at) => {
      if (!name) faults.required(`${here}.env[${at}].name`);
    });
    treesIn(container.ports).forEach((port, at) => {
      checkPort(port.containerPort, `${here}.ports[${at}].containerPort`, faults);
    });
  });
}

export function checkPort(port: unknown, field: string, faults: Faults): void {
  const number = Number(port);
  if (port === undefined) faults.required(field);
  else if (!(number >= 1 && number <= 65_535)) faults.invalid(field, port, "must be between 1 and 65535, inclusive");
}

function validateTolerations(tolerations: readonly Tree[], path: string, faults: Faults): void {
  tolerations.forEach((toleration, index) => {
    const { operator, effect, key, value, tolerationSeconds } = toleration;
    const here = `${path}[${index}]`;
    oneOf(operator || undefined, ["Equal", "Exists"], `${here}.operator`, faults);
    oneOf(effect || undefined, ["NoSchedule", "PreferNoSchedule", "NoExecute"], `${here}.effect`, faults);
    for (const [wrong, field, shown, why] of [
      [!key && operator !== "Exists", "operator", operator, keyless],
      [
        operator === "Exists" && Boolean(value),
        "operator",
        toleration,
        "value must be empty when `operator` is 'Exists'",
      ],
      [
        tolerationSeconds !== undefined && effect !== "NoExecute",
        "effect",
        effect,
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
      ],
    ] as const) {
      if (wrong) faults.invalid(`${here}.${field}`, shown ?? "", why);
    }
  });
}

const keyless = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';

const frozenSpec =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** A pod's spec is written once, but for images, more tolerations and a shorter deadline. */
export function validatePodUpdate({ fresh, old, inside }: Change, faults: Faults): void {
  const before = old.spec as Tree;
  const after = fresh.spec as Tree;
  if (before === after) return;
  const lost = treesIn(before.tolerations).filter((each) => !treesIn(after.tolerations).some((it) => same(it, each)));
  if (lost.length > 0)
    faults.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
  const binding = inside && !before.nodeName;
  const masked = mask(after, before, binding);
  if (!same(before, masked)) faults.forbidden("spec", frozenSpec);
}

/** The new spec with what may change put back. */
function mask(after: Tree, before: Tree, binding: boolean): Tree {
  const free = ["tolerations", "activeDeadlineSeconds", "schedulingGates", ...(binding ? ["nodeName"] : [])];
  const masked: Tree = { ...after };
  for (const field of free) {
    if (before[field] === undefined) delete masked[field];
    else masked[field] = before[field];
  }
  for (const list of ["containers", "initContainers"]) {
    const was = treesIn(before[list]);
    if (masked[list] === undefined) continue;
    masked[list] = treesIn(after[list]).map((container, index) => ({ ...container, image: was[index]?.image }));
  }
  return masked;
}
