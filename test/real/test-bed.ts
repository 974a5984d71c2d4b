import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StatusReport } from "../../src/commands/status/status-report.ts";
import type { RightsStage } from "../../src/engine/model/facts.ts";
import { type Ended, output, run } from "./command.ts";
import { EngineProcess } from "./engine-process.ts";
import { NodeShell } from "./node-shell.ts";
import type { RealOptions } from "./options.ts";
import type { Tally } from "./tally.ts";

interface Place {
  /** crossfade.mjs, in a copy that nobody builds over. */
  readonly program: string;
  /** For state, logs and kubeconfigs of this run of the tests. */
  readonly folder: string;
  readonly kubeconfig: string;
}

interface MigrateOptions {
  readonly kubeconfig?: string | undefined;
  /** Nodes that are left where they are. */
  readonly exclude?: readonly string[];
}

/** A cluster that may be broken, with what is needed to break it and to look at it. */
export class TestBed {
  readonly options: RealOptions;
  readonly tally: Tally;
  readonly shell: NodeShell;
  readonly folder: string;
  readonly kubeconfig: string;
  readonly #program: string;
  readonly #engines: EngineProcess[] = [];

  constructor(options: RealOptions, tally: Tally, { program, folder, kubeconfig }: Place) {
    this.options = options;
    this.tally = tally;
    this.folder = folder;
    this.kubeconfig = kubeconfig;
    this.#program = program;
    this.shell = new NodeShell(options.nodeCommand);
  }

  kubectl = (...argv: readonly string[]): Promise<string> => output(["kubectl", ...argv], { limitMs: 180_000 });

  /** Makes or changes objects. */
  async apply(objects: readonly object[]): Promise<void> {
    const input = objects.map((object) => JSON.stringify(object)).join("\n---\n");
    await output(["kubectl", "apply", "-f", "-"], { input });
  }

  #env(kubeconfig = this.kubeconfig): Readonly<Record<string, string | undefined>> {
    const places = ["state", "run", "home"].map((name) => join(this.folder, name));
    for (const place of places) mkdirSync(place, { recursive: true, mode: 0o700 });
    const [XDG_STATE_HOME, XDG_RUNTIME_DIR, HOME] = places;
    return { ...process.env, KUBECONFIG: kubeconfig, XDG_STATE_HOME, XDG_RUNTIME_DIR, HOME, NO_COLOR: "1" };
  }

  /** Runs crossfade to its end. */
  crossfade(
    argv: readonly string[],
    { kubeconfig, limitMs = 120_000 }: { kubeconfig?: string; limitMs?: number } = {},
  ): Promise<Ended> {
    return run([process.execPath, this.#program, ...argv], { env: this.#env(kubeconfig), limitMs });
  }

  /** Starts a headless crossfade; consents and the like come as flags. */
  start(argv: readonly string[], kubeconfig?: string): EngineProcess {
    const log = join(this.folder, `engine-${this.#engines.length + 1}.log`);
    // include goes on with the plan that is recorded, and takes no flags of one.
    const flags = argv[0] === "include" ? [] : this.options.flags;
    const words = [process.execPath, this.#program, ...argv, "--json", ...flags];
    this.tally.say(`   crossfade ${argv.join(" ")} → ${log}`);
    const engine = new EngineProcess(words, this.#env(kubeconfig), log);
    this.#engines.push(engine);
    return engine;
  }

  /** What was journalled on this machine so far. */
  journal(): string {
    const folder = join(this.folder, "state/crossfade");
    const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
    return files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  }

  /** No engine outlives the part that started it. */
  endEngines(): void {
    for (const engine of this.#engines) if (!engine.isOver) engine.signal("SIGKILL");
  }

  migrate(consents: string, { kubeconfig, exclude = [] }: MigrateOptions = {}): EngineProcess {
    const out = exclude.length === 0 ? [] : ["--exclude", exclude.join(",")];
    return this.start(["migrate", "--headless", "--consent", consents, ...out], kubeconfig);
  }

  /** All but two workers: what one node shows need not be shown on every one. */
  async allButTwo(): Promise<readonly string[]> {
    const kept = (await this.workers()).slice(0, 2);
    return (await this.nodes()).filter((node) => !kept.includes(node));
  }

  /** What `crossfade status --json` tells. */
  async status(): Promise<StatusReport> {
    return JSON.parse((await this.crossfade(["status", "--json"])).out) as StatusReport;
  }

  async nodes(): Promise<readonly string[]> {
    return (await this.kubectl("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}")).split(" ");
  }

  /** Those that are no control plane. */
  async workers(): Promise<readonly string[]> {
    const names = await this.kubectl("get", "nodes", "-l", "!node-role.kubernetes.io/control-plane", "-o", "name");
    return names
      .split("\n")
      .filter(Boolean)
      .map((name) => name.replace("node/", ""));
  }

  async addressOf(node: string): Promise<string> {
    const path = '{.status.addresses[?(@.type=="InternalIP")].address}';
    return (await this.kubectl("get", "node", node, "-o", `jsonpath=${path}`)).trim();
  }

  /** A kubeconfig of the ServiceAccount that `crossfade rbac --stage` makes, with its roles applied. */
  async kubeconfigOf(stage: RightsStage): Promise<string> {
    const sets = await this.kubectl("get", "daemonsets", "-A", "-o", "name");
    const source = ["canal", "calico", "flannel"].find((name) => sets.includes(name)) ?? "flannel";
    const printed = await this.crossfade(["rbac", "--stage", stage, "--source", source]);
    await output(["kubectl", "apply", "-f", "-"], { input: printed.out });
    const token = await this.kubectl("-n", "crossfade", "create", "token", `crossfade-${stage}`, "--duration=12h");
    const config = JSON.parse(await this.kubectl("config", "view", "--raw", "--minify", "--flatten", "-o", "json"));
    const file = join(this.folder, `kubeconfig-${stage}`);
    const users = [{ name: config.users[0].name, user: { token: token.trim() } }];
    writeFileSync(file, JSON.stringify({ ...config, users }), { mode: 0o600 });
    return file;
  }

  /** Everything back on the old CNI, and the traces of the run's own namespace gone. */
  async rollBackAll(kubeconfig?: string): Promise<void> {
    const engine = this.start(["rollback", "--all", "--yes"], kubeconfig);
    const code = await engine.end(1_800_000);
    this.tally.check("crossfade rollback --all ends with 0", code === 0, `${engine.complaints}\n${engine.last()}`);
    await this.podsReady("after the rollback");
  }

  /** Waits until every pod that should run is Ready. */
  async podsReady(when: string, limitMs = 300_000): Promise<void> {
    const giveUpAt = Date.now() + limitMs;
    let waiting = "";
    while (Date.now() < giveUpAt) {
      waiting = await this.kubectl("get", "pods", "-A", "--no-headers").then(notReady, (error: Error) => error.message);
      if (waiting === "") break;
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    }
    this.tally.check(`every pod is Ready ${when}`, waiting === "", waiting);
  }
}

/** Lines of `kubectl get pods -A --no-headers` whose pod neither runs whole nor has completed. */
function notReady(listing: string): string {
  const lines = listing.split("\n").filter((line) => {
    const [, , ready = "", status = ""] = line.trim().split(/\s+/);
    const [is, of] = ready.split("/");
    return ready !== "" && status !== "Completed" && (is !== of || status !== "Running");
  });
  return lines.join("\n");
}
