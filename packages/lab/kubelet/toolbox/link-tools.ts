import type { Link, Machine } from "../../machine.ts";
import { failed, printed, type Tool } from "./tool.ts";

/** Options of iproute2 before the object, as one set: -o, -j, -br, -d, -4. */
interface IpCommand {
  readonly options: ReadonlySet<string>;
  readonly words: readonly string[];
}

const objects: Readonly<Record<string, string>> = {
  l: "link",
  li: "link",
  r: "route",
  ro: "route",
  a: "addr",
  address: "addr",
};

function read(argv: readonly string[]): IpCommand {
  const options = new Set<string>();
  let at = 1;
  for (; argv[at]?.startsWith("-"); at += 1) options.add((argv[at] ?? "").replace(/^-+/, ""));
  return { options, words: argv.slice(at) };
}

/** ip [-o|-j|-br] link show|delete|set, route, addr: on the machine's own links. */
export const ip: Tool = (argv, { machine, inRootNetwork }) => {
  const { options, words } = read(argv);
  const object = objects[words[0] ?? ""] ?? words[0] ?? "";
  if (!inRootNetwork) {
    return object === "link" ? podLinks(options) : failed(1, "ip: the lab shows of a pod's network only its links");
  }
  if (object === "link") return links(machine, { options, words });
  if (object === "route") return routes(machine, words);
  if (object === "addr") return addresses(machine, { options, words });
  return failed(255, `Object "${object}" is unknown, try "ip help".`);
};

function addresses(machine: Machine, { options, words }: IpCommand) {
  if (words[1] === "flush") return flushAddress(machine, words.at(-1) ?? "");
  const all = shown(machine, undefined);
  if (!options.has("o")) return printed(all.map((one) => listing([one], options) + inetLine(one[0])).join(""));
  return printed(all.map(([link, at]) => addressLine(link, at)).join(""));
}

const inetLine = ({ name, address }: Link) =>
  address === null ? "" : `    inet ${address} scope global ${name}\n       valid_lft forever preferred_lft forever\n`;

function flushAddress({ links: all }: Machine, name: string) {
  const link = all.get(name);
  if (!link) return failed(1, `Device "${name}" does not exist.`);
  all.set(name, { ...link, address: null });
  return printed("");
}

function links(machine: Machine, { options, words }: IpCommand) {
  const verb = words[1] ?? "show";
  const name = words.slice(2).findLast((word) => !["dev", "up", "down"].includes(word));
  if (["delete", "del", "d"].includes(verb)) return deleteLink(machine, name ?? "");
  if (name !== undefined && !machine.links.has(name)) return failed(1, `Device "${name}" does not exist.`);
  return printed(verb === "set" ? "" : listing(shown(machine, name), options));
}

function podLinks(options: ReadonlySet<string>) {
  const link: Link = { name: "eth0", kind: "veth", address: null, owner: "cni" };
  return printed(listing([[link, 2]], options));
}

function shown(machine: Machine, name: string | undefined): [Link, number][] {
  return [...machine.links.values()]
    .map((link, index): [Link, number] => [link, index + 2])
    .filter(([link]) => name === undefined || link.name === name);
}

function listing(links: readonly [Link, number][], options: ReadonlySet<string>): string {
  if (options.has("j") || options.has("json")) return `${JSON.stringify(links.map(asJson))}\n`;
  if (options.has("br") || options.has("brief"))
    return links
      .map(([{ name }]) => `${name.padEnd(16)} UP             ${mac(name)} <BROADCAST,MULTICAST,UP,LOWER_UP>\n`)
      .join("");
  const join = options.has("o") ? "\\" : "\n";
  return links
    .map(
      ([link, at]) =>
        `${at}: ${link.name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu ${mtu(link)} qdisc noqueue state UP mode DEFAULT group default ` +
        `qlen 1000${join}    link/ether ${mac(link.name)} brd ff:ff:ff:ff:ff:ff\n`,
    )
    .join("");
}

function asJson([link, at]: readonly [Link, number]) {
  const kind = link.kind === "ether" ? {} : { linkinfo: { info_kind: link.kind } };
  return {
    ifindex: at,
    ifname: link.name,
    mtu: mtu(link),
    operstate: "UP",
    link_type: "ether",
    address: mac(link.name),
    ...kind,
  };
}

function addressLine(link: Link, at: number): string {
  return link.address === null ? "" : `${at}: ${link.name}    inet ${link.address} scope global ${link.name}\n`;
}

function mtu({ kind, mtu: own }: Link): number {
  if (own !== undefined) return own;
  return mtus[kind] ?? 1_500;
}

const mtus: Readonly<Partial<Record<Link["kind"], number>>> = {
  vxlan: 1_450,
  geneve: 1_450,
  ipip: 1_480,
  wireguard: 1_420,
};

/** A made-up hardware address that stays the same for a name. */
function mac(name: string): string {
  let hash = 7;
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  const bytes = [0x02, 0x42, hash >>> 24, (hash >>> 16) & 255, (hash >>> 8) & 255, hash & 255];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** With a link go its routes and its UDP port, as in the kernel. */
function deleteLink(machine: Machine, name: string) {
  const link = machine.links.get(name);
  if (!link) return failed(1, `Cannot find device "${name}"`);
  if (link.kind === "ether") return failed(2, "RTNETLINK answers: Operation not supported");
  // The device of the module ipip: the kernel says yes, and keeps it.
  if (name === "tunl0") return printed("");
  machine.links.delete(name);
  for (const [cidr, via] of machine.routes) if (via.split(" ").includes(name)) machine.routes.delete(cidr);
  for (const [port, holder] of machine.udpPorts) if (holder === name) machine.udpPorts.delete(port);
  return printed("");
}

function routes(machine: Machine, words: readonly string[]) {
  const verb = words[1] ?? "show";
  if (verb === "del" || verb === "delete") return deleteRoute(machine, words.slice(2));
  if (!["show", "list", "ls"].includes(verb)) return failed(1, `ip route ${verb}: the lab knows show and delete`);
  const type = words.includes("type") ? words[words.indexOf("type") + 1] : undefined;
  const isShown = (line: string) =>
    type === undefined || (type === "unicast" ? !line.startsWith("blackhole") : line.startsWith(`${type} `));
  const lines = [...machine.routes].map(([cidr, via]) => routeLine(machine, cidr.replace(/\/32$/, ""), via));
  return printed(
    lines
      .filter(isShown)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

function routeLine(machine: Machine, to: string, via: string): string {
  if (via.startsWith("blackhole")) return via.replace("blackhole", `blackhole ${to}`);
  if (via.includes(" ")) return `${to} ${via}`;
  return `${to} ${machine.links.has(via) ? `dev ${via}` : `via ${via}`}`;
}

function deleteRoute(machine: Machine, words: readonly string[]) {
  const [to = ""] = words.filter((word) => word !== "blackhole");
  const cidr = to.includes("/") ? to : `${to}/32`;
  const isBlackhole = machine.routes.get(cidr)?.startsWith("blackhole") ?? false;
  const fits = isBlackhole || !words.includes("blackhole");
  return fits && machine.routes.delete(cidr) ? printed("") : failed(2, "RTNETLINK answers: No such process");
}
