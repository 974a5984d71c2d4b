import type { LabClock } from "../../clock.ts";
import type { Machine } from "../../machine.ts";
import { confDir, filesIn } from "../disk.ts";
import type { AgentConfig } from "./agent-config.ts";

/** Where the agent's pod sees the node's conf directory. */
const mountedDir = "/host/etc/cni/net.d";

/** As upstream waits after a failure. */
const retryMs = 10_000;

/** inotify tells at once; the lab looks once a second. */
const watchMs = 1_000;

/** What cilium-dbg status says of the conf file. */
export interface CniFileState {
  readonly state: "Disabled" | "Ok" | "Failure";
  readonly msg: string;
}

/** Owns the conf directory for as long as its agent runs, if it was told to. */
export class CniConf {
  readonly #machine: Machine;
  readonly #config: AgentConfig;
  readonly #log: (line: string) => void;
  #state: CniFileState = { state: "Disabled", msg: "CNI configuration management disabled" };
  #cancel: () => void = () => undefined;

  constructor(machine: Machine, config: AgentConfig, log: (line: string) => void) {
    this.#machine = machine;
    this.#config = config;
    this.#log = log;
  }

  state(): CniFileState {
    return this.#state;
  }

  /** True once there is nothing left to write: the agent is not ready before. */
  settled(): boolean {
    return this.#state.state !== "Failure" && (this.#target() === null || this.#state.state === "Ok");
  }

  /** Writes, and keeps watching where it is exclusive. */
  start(clock: LabClock): void {
    if (this.#target() === null) return;
    this.#write();
    const ok = this.#state.state === "Ok";
    const every = ok ? watchMs : retryMs;
    if (ok && !this.#exclusive()) return;
    this.#cancel = clock.every(every, () => {
      if (this.#machine.up) this.#write();
    });
  }

  stop(): void {
    this.#cancel();
  }

  /** preStop: does nothing unless the configuration asks for it. Nobody puts the renamed files back. */
  uninstall(): void {
    if (this.#config.get("cni-uninstall") !== "true") return;
    for (const name of filesIn(this.#machine, confDir)) {
      if (/cilium.*\.(conf|conflist)$/.test(name)) this.#machine.disk.delete(`${confDir}/${name}`);
    }
  }

  /** The file on the node; null when nothing is to be written. */
  #target(): string | null {
    const path = this.#config.get("write-cni-conf-when-ready");
    return path ? path : null;
  }

  #exclusive(): boolean {
    return this.#config.get("cni-exclusive") === "true";
  }

  #write(): void {
    const target = this.#target() ?? "";
    if (!target.startsWith(`${mountedDir}/`)) {
      this.#state = {
        state: "Failure",
        msg: `failed to write CNI configuration file: ${target} is not under ${mountedDir}`,
      };
      return;
    }
    const name = target.slice(mountedDir.length + 1);
    const path = `${confDir}/${name}`;
    const content = this.#render();
    if (this.#machine.faults.has("cni-file-lost")) {
      this.#state = { state: "Ok", msg: `successfully wrote CNI configuration file to ${target}` };
      return;
    }
    if (this.#machine.disk.get(path) !== content) {
      this.#machine.disk.set(path, content);
      this.#log(`level=info msg="Wrote CNI configuration file to ${target}"`);
    }
    this.#backUpOthers(name);
    this.#state = { state: "Ok", msg: `successfully wrote CNI configuration file to ${target}` };
  }

  #render(): string {
    const plugin = {
      type: "cilium-cni",
      "enable-debug": this.#config.get("debug") === "true",
      "log-file": this.#config.get("cni-log-file") ?? "",
    };
    const portmap = { type: "portmap", capabilities: { portMappings: true } };
    const plugins = this.#config.get("cni-chaining-mode") === "portmap" ? [plugin, portmap] : [plugin];
    return `${JSON.stringify({ cniVersion: "0.3.1", name: "cilium", plugins }, null, 2)}\n`;
  }

  #backUpOthers(mine: string): void {
    for (const name of filesIn(this.#machine, confDir)) {
      const legacy = name === "05-cilium.conf";
      const other = this.#exclusive() && /\.(conf|conflist|json)$/.test(name);
      if (name === mine || !(legacy || other)) continue;
      const content = this.#machine.disk.get(`${confDir}/${name}`) ?? "";
      this.#machine.disk.delete(`${confDir}/${name}`);
      this.#machine.disk.set(`${confDir}/${name}.cilium_bak`, content);
      this.#log(`level=info msg="Renamed other CNI configuration file" from="${name}" to="${name}.cilium_bak"`);
    }
  }
}
