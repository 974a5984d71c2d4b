import type { Machine } from "../machine.ts";
import type { KubeObject } from "../objects.ts";
import type { CniPlugin } from "../program.ts";

const folder = "/etc/cni/net.d/";

interface CniConf {
  readonly path: string;
  readonly conf: unknown;
  readonly type: string;
}

/** Where containerd looks: the lexicographically first of *.conf, *.conflist and *.json, sub-folders not counted. */
export function firstConfPath(machine: Machine): string | null {
  let first: string | null = null;
  for (const path of machine.disk.keys()) {
    if (!path.startsWith(folder) || path.indexOf("/", folder.length) >= 0) continue;
    if (!/\.(conf|conflist|json)$/.test(path)) continue;
    if (first === null || path < first) first = path;
  }
  return first;
}

/** A runtime with a folder of its own has what was there before Cilium came, and hears of no change in ours. */
function confPath(machine: Machine): string | null {
  if (!machine.faults.has("runtime-reads-elsewhere")) return firstConfPath(machine);
  const old = [...machine.disk.keys()].filter((path) => path.startsWith(folder) && !path.includes("cilium.conf"));
  return old.toSorted()[0] ?? null;
}

function readConf(machine: Machine): CniConf {
  const path = confPath(machine);
  if (path === null) throw new Error("cni plugin not initialized");
  const conf = parse(path, machine.disk.get(path) ?? "");
  const plugins = (conf as { plugins?: readonly { type?: string }[] }).plugins;
  const type = plugins?.[0]?.type ?? (conf as { type?: string }).type;
  if (typeof type !== "string") throw new Error(`cni config load failed: ${path}: no plugins in it`);
  return { path, conf, type };
}

function parse(path: string, text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (cause) {
    throw new Error(`cni config load failed: error parsing configuration ${path}`, { cause });
  }
}

/** A pod's network: wired by whichever plugin's configuration came first then, and so until it is torn down. */
export class CniSandbox {
  readonly address: string;
  readonly #plugin: CniPlugin;
  readonly #plugins: readonly CniPlugin[];

  private constructor(plugin: CniPlugin, address: string, plugins: readonly CniPlugin[]) {
    this.#plugin = plugin;
    this.address = address;
    this.#plugins = plugins;
  }

  /** Throws with the message that belongs into FailedCreatePodSandBox. */
  static create(machine: Machine, plugins: readonly CniPlugin[], pod: KubeObject): CniSandbox {
    const { conf, type } = readConf(machine);
    const plugin = plugins.find((candidate) => candidate.type === type);
    if (!plugin) throw new Error(`failed to find plugin "${type}" in path [/opt/cni/bin]`);
    return new CniSandbox(plugin, plugin.add(machine, pod, conf), plugins);
  }

  remove(machine: Machine, pod: KubeObject): void {
    const asked = this.#plugin.netnsGone ? asksNow(machine, this.#plugins) : this.#plugin;
    asked?.del(machine, pod, this.address);
    this.#plugin.netnsGone?.(machine, this.address);
  }
}

/** The plugin whose configuration is first at this moment; none where there is no readable one. */
function asksNow(machine: Machine, plugins: readonly CniPlugin[]): CniPlugin | undefined {
  if (confPath(machine) === null) return undefined;
  const { type } = readConf(machine);
  return plugins.find((candidate) => candidate.type === type);
}
