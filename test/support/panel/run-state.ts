import type { EngineEvent } from "../../../src/engine/model/events.ts";
import { fold } from "../../../src/engine/model/fold.ts";
import type { RollbackStepId, StepId } from "../../../src/engine/model/node-state.ts";
import {
  type Consent,
  defaultRunOptions,
  type Plan,
  type RollbackRunStepId,
  type RunOptions,
  type RunStepId,
} from "../../../src/engine/model/plan-types.ts";
import type { Failure } from "../../../src/engine/model/reason.ts";
import { type MigrationState, nothingYet } from "../../../src/engine/model/state.ts";
import { aSource } from "../a-source.ts";
import { aFailure } from "../said.ts";

/** A plan with as much in it as decisions look at. */
export function aPlan(names: readonly string[], change: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    hash: "a".repeat(64),
    at: 0,
    cluster: {
      context: "test",
      server: "http://127.0.0.1:1",
      uid: "uid",
      kubernetesVersion: "v1.33.4",
      serviceCidrs: ["10.96.0.0/12"],
    },
    source: { ...aSource, version: "v0.28.9" },
    cilium: {
      version: "1.18.12",
      namespace: "kube-system",
      release: "cilium",
      chart: { repository: "https://helm.cilium.io/", name: "cilium" },
      chartDigest: "0".repeat(64),
      podCidr: "10.245.0.0/16",
      maskSize: 24,
      tunnelProtocol: "vxlan",
      tunnelPort: 8473,
      operatorReplicas: 2,
    },
    nodes: names.map((name) => ({ name, turn: "worker", podsToMove: 1, estimateMs: 60_000 })),
    outside: [],
    options: { ...defaultRunOptions, reboot: { method: "none" }, soakMs: 0, retries: 0, probeImage: "agnhost" },
    values: {
      initial: { cni: { customConf: true } },
      final: { cni: { customConf: false } },
      initialYaml: "",
      finalYaml: "",
      difference: [],
    },
    changes: [],
    rollbackUntil: "",
    estimateMs: 0,
    checkResults: [],
    ...change,
  };
}

const tookTooLong: Failure = aFailure("STEP_TIMED_OUT", "it took too long", "press r");

/** A run told in words: each call is one thing that happened. */
export class RunStory {
  #state: MigrationState = nothingYet;
  #at = 1_000;

  constructor(names: readonly string[], options: Partial<RunOptions> = {}) {
    const plan = aPlan(names);
    this.#tell({
      type: "run-announced",
      at: 0,
      plan: { ...plan, options: { ...plan.options, ...options } },
      resumed: false,
    });
  }

  #tell(event: EngineEvent): this {
    this.#state = fold(this.#state, event);
    return this;
  }

  get state(): MigrationState {
    return this.#state;
  }

  consented(...all: readonly Consent[]): this {
    for (const consent of all) this.#tell({ type: "consent-given", at: this.#at++, consent, by: "ana" });
    return this;
  }

  asked(consent: Consent): this {
    return this.#tell({ type: "consent-asked", at: this.#at++, consent });
  }

  finished(...all: readonly (RunStepId | RollbackRunStepId)[]): this {
    for (const step of all) this.#tell({ type: "run-step-finished", at: this.#at++, step, tookMs: 1, note: "" });
    return this;
  }

  /** Consent given and everything before the nodes done. */
  ready(): this {
    return this.consented("nodes").finished("prepare", "install", "verify-install", "node-config");
  }

  begun(step: RunStepId | RollbackRunStepId): this {
    return this.#tell({ type: "run-step-started", at: this.#at++, step });
  }

  stepFailed(step: RunStepId | RollbackRunStepId, code: Failure["code"] = tookTooLong.code): this {
    return this.#tell({ type: "run-step-failed", at: this.#at++, step, failure: { ...tookTooLong, code } });
  }

  at(node: string, step: StepId): this {
    return this.#tell({ type: "node-step-started", at: this.#at++, node, step });
  }

  /** A person's key. */
  rolledBack(node: string): this {
    const step = "rollback-cordon";
    return this.#tell({ type: "node-rollback-step-started", at: this.#at++, node, step, byPerson: true });
  }

  rollingBack(node: string, step: RollbackStepId): this {
    return this.#tell({ type: "node-rollback-step-started", at: this.#at++, node, step });
  }

  deferred(node: string): this {
    return this.#tell({ type: "node-deferred", at: this.#at++, node });
  }

  failed(node: string, step: StepId | RollbackStepId, code: Failure["code"] = tookTooLong.code): this {
    return this.#tell({ type: "node-failed", at: this.#at++, node, step, failure: { ...tookTooLong, code } });
  }

  /** Begun again by itself for the how manieth time. */
  retried(node: string, step: StepId, retry: number): this {
    return this.#tell({ type: "node-step-started", at: this.#at++, node, step, retry });
  }

  /** As the plan's policy wants it of a failed node: from the first step of the way back to this one. */
  policyRollback(node: string, step: RollbackStepId): this {
    this.#tell({ type: "node-rollback-step-started", at: this.#at++, node, step: "rollback-cordon", byPolicy: true });
    return step === "rollback-cordon" ? this : this.rollingBack(node, step);
  }

  queued(node: string): this {
    return this.#tell({ type: "node-queued", at: this.#at++, node });
  }

  migrated(...nodes: readonly string[]): this {
    for (const node of nodes) this.#tell({ type: "node-migrated", at: this.#at++, node });
    return this;
  }

  restored(node: string): this {
    return this.#tell({ type: "node-rolled-back", at: this.#at++, node });
  }

  excluded(node: string): this {
    return this.#tell({ type: "node-excluded", at: this.#at++, node, because: "left out" });
  }

  joined(node: string): this {
    return this.#tell({ type: "node-joined", at: this.#at++, node, controlPlane: false });
  }

  vanished(node: string): this {
    return this.#tell({ type: "node-vanished", at: this.#at++, node });
  }

  /** A path lost two samples in a row; `lasting` where it has been so for minutes. */
  broke(from: string, to: string, lasting = false): this {
    const between = `${from} → ${to}`;
    const nodes = [from, to];
    const path = "cilium-to-cilium" as const;
    const broken = { path, between, nodes, since: 0, error: "timed out", during: "c: drain", lasting };
    return this.#tell({ type: "path-broken", at: this.#at++, broken });
  }

  mended(from: string, to: string): this {
    return this.#tell({ type: "path-mended", at: this.#at++, between: `${from} → ${to}` });
  }

  pausing(): this {
    return this.#tell({ type: "pace-changed", at: this.#at++, pace: "pausing", by: "ana", takesHoldAt: "soon" });
  }

  paused(): this {
    return this.#tell({ type: "pace-changed", at: this.#at++, pace: "paused", by: "ana", takesHoldAt: "" });
  }

  resumed(): this {
    return this.#tell({ type: "pace-changed", at: this.#at++, pace: "running", by: "ana", takesHoldAt: "" });
  }

  turnedBack(): this {
    return this.#tell({ type: "direction-changed", at: this.#at++, direction: "rollback", by: "ana" });
  }
}

export const run = (...names: readonly string[]): RunStory => new RunStory(names);
