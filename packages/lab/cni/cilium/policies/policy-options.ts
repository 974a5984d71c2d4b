import type { ContainerContext } from "../../../program.ts";
import type { AgentConfig } from "../agent-config.ts";
import { type Datapath, datapathOf, loadDatapath } from "../datapath.ts";

/** What can be set of an agent's policies at run time. */
export interface PolicyOptions {
  readonly enforcement: string;
  readonly audits: boolean;
}

/** Each setting reaches the programs by itself, sooner or later: which of two comes first is anybody's guess. */
const buildMs = { least: 800, most: 3_000 };

/** Policies as an agent has them: from its configuration, and what it was told since, until it ends. */
export class RuntimePolicies {
  readonly #context: ContainerContext;
  #wanted: PolicyOptions;
  #building = 0;
  #builtAt: number;

  constructor(context: ContainerContext, config: AgentConfig) {
    this.#context = context;
    this.#wanted = {
      enforcement: config.get("enable-policy") ?? "default",
      audits: config.get("policy-audit-mode") === "true",
    };
    this.#builtAt = context.clock.now();
  }

  get wanted(): PolicyOptions {
    return this.#wanted;
  }

  get building(): boolean {
    return this.#building > 0;
  }

  get builtAt(): number {
    return this.#builtAt;
  }

  /** The programs of all endpoints are built anew with each setting that changes. */
  set(options: Partial<PolicyOptions>): void {
    for (const [name, value] of Object.entries(options)) {
      if (this.#wanted[name as keyof PolicyOptions] === value) continue;
      this.#wanted = { ...this.#wanted, [name]: value };
      this.#build({ [name]: value });
    }
  }

  #build(change: Partial<Pick<Datapath, "enforcement" | "audits">>): void {
    const { clock, machine, random, signal } = this.#context;
    this.#building += 1;
    clock.after(random.between(buildMs.least, buildMs.most), () => {
      this.#building -= 1;
      this.#builtAt = clock.now();
      const now = datapathOf(machine);
      if (now && machine.up && !signal.aborted) loadDatapath(machine, { ...now, ...change });
    });
  }
}
