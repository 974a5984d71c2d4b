import { spawnSync } from "node:child_process";

function run(argv: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(argv[0] ?? "", argv.slice(1), { encoding: "utf8" });
  if (status !== 0) throw new Error(`${argv.join(" ")}: ${error?.message ?? stderr.trim()}`);
  return stdout;
}

/** Why there can be none here; empty where there can. */
function whyNot(name: string, rule: readonly string[]): string {
  try {
    run(["ip", "netns", "add", name]);
  } catch (error) {
    return `no network namespaces here: ${String(error)}`;
  }
  try {
    run(["ip", "netns", "exec", name, ...rule]);
    return "";
  } catch (error) {
    return String(error);
  } finally {
    run(["ip", "netns", "del", name]);
  }
}

const dropEveryTenth = [
  "-p",
  "udp",
  "-m",
  "statistic",
  "--mode",
  "nth",
  "--every",
  "10",
  "--packet",
  "0",
  "-j",
  "DROP",
];

export const noNetwork = whyNot(`xf-try-${process.pid}`, ["iptables", "-A", "FORWARD", ...dropEveryTenth]);
export const noNetem =
  noNetwork === ""
    ? whyNot(`xf-try-${process.pid}`, ["tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"])
    : noNetwork;

/** Two machines and a router between them, as namespaces of the kernel: what the router drops is lost, and it counts that. */
export class ThreeMachines {
  readonly #name: string;
  readonly left = "10.77.0.1";
  readonly right = "10.77.1.1";

  constructor(name: string) {
    this.#name = name;
    try {
      for (const end of ["left", "router", "right"]) {
        run(["ip", "netns", "add", this.#called(end)]);
        this.#in(end, "ip", "link", "set", "lo", "up");
      }
      this.#wire("left", 0, this.left);
      this.#wire("right", 1, this.right);
      this.#in("router", "sysctl", "-qw", "net.ipv4.ip_forward=1");
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  #called = (end: string) => `${this.#name}-${end}`;
  #in = (end: string, ...argv: readonly string[]) => run([...this.before(end), ...argv]);

  #wire(end: string, number: number, address: string): void {
    const [inner, outer] = [`i${number}`, `o${number}`];
    const peer = ["peer", "name", outer, "netns", this.#called("router")];
    run(["ip", "link", "add", inner, "netns", this.#called(end), "type", "veth", ...peer]);
    this.#in(end, "ip", "addr", "add", `${address}/24`, "dev", inner);
    this.#in(end, "ip", "link", "set", inner, "up");
    this.#in("router", "ip", "addr", "add", `10.77.${number}.2/24`, "dev", outer);
    this.#in("router", "ip", "link", "set", outer, "up");
    this.#in(end, "ip", "route", "add", "default", "via", `10.77.${number}.2`);
  }

  /** What starts a command on one of them. */
  before = (end: string): readonly string[] => ["ip", "netns", "exec", this.#called(end)];

  rule(...rule: readonly string[]): void {
    this.#in("router", "iptables", "-A", ...rule);
  }

  /** Everything passes from now on; what was dropped until then, in packets. */
  heal(): number {
    this.#in("router", "iptables", "-I", "FORWARD", "-j", "ACCEPT");
    const [, dropped = "0"] =
      /^\s*(\d+)\s+\d+\s+DROP/m.exec(this.#in("router", "iptables", "-L", "FORWARD", "-vxn")) ?? [];
    for (const chain of ["FORWARD", "OUTPUT"]) this.#in("router", "iptables", "-F", chain);
    return Number(dropped);
  }

  loseEveryTenth(address: string): void {
    this.rule("FORWARD", "-d", address, ...dropEveryTenth);
  }

  /** Both links of the router have the ends' MTU unless one is said here. */
  mtuToTheRight(bytes: number): void {
    this.#in("router", "ip", "link", "set", "o1", "mtu", String(bytes));
  }

  delayToTheRight(ms: number): void {
    this.#in("router", "tc", "qdisc", "add", "dev", "o1", "root", "netem", "delay", `${ms}ms`);
  }

  remove(): void {
    for (const end of ["left", "router", "right"]) spawnSync("ip", ["netns", "del", this.#called(end)]);
  }
}
