import { CrossfadeError } from "../model/errors.ts";
import type { SourceFacts } from "../model/plan-types.ts";
import { parseCidr } from "../net/cidr.ts";

/** What Flannel's net-conf.json says, with Flannel's own defaults filled in. */
export interface NetConf {
  readonly podCidrs: readonly string[];
  readonly backend: SourceFacts["backend"];
  /** UDP port of the encapsulation on Linux; null when it has none. */
  readonly port: number | null;
  readonly vni: number | null;
  /** 0 when Flannel finds it out by itself. */
  readonly mtu: number;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

function refuse(where: string, what: string): CrossfadeError {
  return new CrossfadeError(
    "NO_SOURCE",
    `Flannel's configuration in ConfigMap ${where} cannot be read: ${what}`,
    `kubectl get configmap -n ${where.split("/")[0]} ${where.split("/")[1]} -o yaml, and correct net-conf.json`,
  );
}

function parse(text: string, where: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    throw refuse(where, "net-conf.json is no JSON");
  }
}

function wholeNumber(value: unknown, fallback: number): number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : fallback;
}

function cidrsOf(conf: Fields, where: string): readonly string[] {
  const given = [conf["Network"], conf["IPv6Network"]].filter((value) => value !== undefined && value !== "");
  const cidrs = given.map((value) => {
    if (typeof value === "string" && parseCidr(value)) return value;
    throw refuse(where, `"${String(value)}" is no address range`);
  });
  if (cidrs.length === 0) throw refuse(where, "it names no Network");
  return cidrs;
}

/** Default port of each backend that this version knows, on Linux; null where nothing is encapsulated in UDP. */
const ports = { vxlan: 8472, "host-gw": null, wireguard: 51_820, ipip: null } as const;

/** Flannel itself falls back to udp where no type is named. */
function backendOf(backend: Fields, where: string): SourceFacts["backend"] {
  const type = typeof backend["Type"] === "string" ? backend["Type"].toLowerCase() : "udp";
  if (type in ports) return type as SourceFacts["backend"];
  throw new CrossfadeError(
    "NO_SOURCE",
    `Flannel uses the backend "${type}" (ConfigMap ${where}), which this version cannot move: it knows vxlan, host-gw, wireguard and ipip`,
    "wait for a version that knows it; to change the backend of a live cluster parts its nodes from each other, so do that only in a window for it",
  );
}

/** Reads net-conf.json defensively: people edit it by hand. Throws NO_SOURCE with what is wrong. */
export function readNetConf(text: string, where: string): NetConf {
  const conf = parse(text, where);
  const settings = fieldsOf(conf["Backend"]);
  const podCidrs = cidrsOf(conf, where);
  const backend = backendOf(settings, where);
  const port = backend === "wireguard" ? wholeNumber(settings["ListenPort"], ports.wireguard) : ports[backend];
  return {
    podCidrs,
    backend,
    port: backend === "vxlan" ? wholeNumber(settings["Port"], ports.vxlan) : port,
    vni: backend === "vxlan" ? wholeNumber(settings["VNI"], 1) : null,
    mtu: wholeNumber(settings["MTU"], 0),
  };
}

/** Whether Flannel keeps its rules in nft tables of its own, in place of iptables chains. */
export const writesNftTables = (text: string, where: string): boolean => parse(text, where)["EnableNFTables"] === true;

/** Name of the network in cni-conf.json, by which host-local names its folder; as Flannel's manifest has it where that cannot be told. */
export function readCniConf(text: string | undefined): string {
  const usual = "cbr0";
  try {
    const { name } = fieldsOf(JSON.parse(text ?? "")) as { readonly name?: unknown };
    return typeof name === "string" && /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name) ? name : usual;
  } catch {
    return usual;
  }
}
