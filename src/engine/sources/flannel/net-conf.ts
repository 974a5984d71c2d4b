import { CrossfadeError } from "../../model/errors.ts";
import type { Encapsulation } from "../../model/plan-types.ts";
import { reason } from "../../model/reason.ts";
import { parseCidr } from "../../net/cidr.ts";

/** Under this key its ConfigMap has its configuration. */
export const netConfKey = "net-conf.json";

/** Backends that this version knows. */
export type Backend = "vxlan" | "host-gw" | "wireguard" | "ipip";

/** What Flannel's net-conf.json says, with Flannel's own defaults filled in. */
export interface NetConf {
  readonly podCidrs: readonly string[];
  readonly mode: Backend;
  readonly encapsulations: readonly Encapsulation[];
  /** 0 when Flannel finds it out by itself. */
  readonly mtu: number;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

function refuse(where: string, what: string): CrossfadeError {
  const [namespace = "", configMap = ""] = where.split("/");
  const facts = { source: "Flannel", namespace, configMap, key: netConfKey, what };
  return new CrossfadeError("NO_SOURCE", reason("source-config-unreadable", facts));
}

function parse(text: string, where: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    throw refuse(where, `${netConfKey} is no JSON`);
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

const backends: readonly string[] = ["vxlan", "host-gw", "wireguard", "ipip"] satisfies readonly Backend[];

/** With Flannel's default ports on Linux. */
function encapsulationsOf(backend: Backend, settings: Fields): readonly Encapsulation[] {
  switch (backend) {
    case "vxlan":
      return [{ protocol: "vxlan", port: wholeNumber(settings["Port"], 8472), vni: wholeNumber(settings["VNI"], 1) }];
    case "wireguard":
      return [{ protocol: "wireguard", port: wholeNumber(settings["ListenPort"], 51_820), vni: null }];
    case "ipip":
      return [{ protocol: "ipip", port: null, vni: null }];
    case "host-gw":
      return [];
    default:
      return backend satisfies never;
  }
}

/** Flannel itself falls back to udp where no type is named. */
function backendOf(backend: Fields, where: string): Backend {
  const type = typeof backend["Type"] === "string" ? backend["Type"].toLowerCase() : "udp";
  if (backends.includes(type)) return type as Backend;
  const facts = { source: "Flannel", backend: type, configMap: where, known: backends };
  throw new CrossfadeError("NO_SOURCE", reason("source-backend-unknown", facts));
}

/** Reads net-conf.json defensively: people edit it by hand. Throws NO_SOURCE with what is wrong. */
export function readNetConf(text: string, where: string): NetConf {
  const conf = parse(text, where);
  const settings = fieldsOf(conf["Backend"]);
  const podCidrs = cidrsOf(conf, where);
  const backend = backendOf(settings, where);
  return {
    podCidrs,
    mode: backend,
    encapsulations: encapsulationsOf(backend, settings),
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
