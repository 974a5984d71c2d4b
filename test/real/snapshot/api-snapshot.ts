import type { Snapshot } from "./node-snapshot.ts";

interface NodeObject {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly taints?: readonly { readonly key: string; readonly effect: string }[];
    readonly unschedulable?: boolean;
  };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  };
}

/** What comes and goes by itself. */
const fleeting =
  /^(events|endpointslices|leases|replicasets|controllerrevisions|pods|endpoints|componentstatuses|.*metrics)(\.|$)/;

/** What stands in a Node for as long as nobody takes it out. */
function linesOf({ metadata, spec, status }: NodeObject): readonly string[] {
  return [
    ...Object.keys(metadata.labels ?? {}).map((key) => `label ${key}`),
    ...Object.keys(metadata.annotations ?? {}).map((key) => `annotation ${key}`),
    ...(spec.taints ?? []).map(({ key, effect }) => `taint ${key}:${effect}`),
    ...(spec.unschedulable ? ["cordoned"] : []),
    ...status.conditions.map(({ type, status: is, reason }) => `condition ${type}=${is} ${reason}`),
  ].map((line) => `${metadata.name} ${line}`);
}

/** Runs kubectl with these words. */
type Kubectl = (...argv: readonly string[]) => Promise<string>;

/** Every object of every kind by name, and what Nodes bear. */
export async function apiSnapshot(kubectl: Kubectl): Promise<Snapshot> {
  const kinds = (await kubectl("api-resources", "--verbs=list", "-o", "name")).split("\n").filter(Boolean);
  const wanted = kinds.filter((kind) => !fleeting.test(kind));
  const columns = "custom-columns=K:.kind,NS:.metadata.namespace,N:.metadata.name";
  const objects = (await kubectl("get", wanted.join(","), "-A", "--no-headers", "-o", columns)).split("\n");
  const leases = (await kubectl("get", "leases", "-A", "--no-headers", "-o", columns)).split("\n");
  const nodes = JSON.parse(await kubectl("get", "nodes", "-o", "json")) as { readonly items: readonly NodeObject[] };
  const clean = (lines: readonly string[]) =>
    [...new Set(lines.map((line) => line.trim().replaceAll(/\s+/g, " ")).filter(Boolean))].toSorted();
  return {
    // An address or a request is of no interest once it is over.
    object: clean(
      objects.filter((line) => !/^(IPAddress|CertificateSigningRequest|PriorityLevel|FlowSchema)\s/.test(line)),
    ),
    lease: clean(leases.filter((line) => !/kube-node-lease|apiserver-/.test(line))),
    node: clean(nodes.items.flatMap(linesOf)),
  };
}
