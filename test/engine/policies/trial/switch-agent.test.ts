import { beforeEach, describe, expect, test } from "vitest";
import { Unavailable } from "../../../../src/engine/model/errors.ts";
import type { PolicyMode, PolicySettings } from "../../../../src/engine/model/policies/policy-settings.ts";
import {
  modeToRestore,
  switchOff,
  switchOn,
  type TrialPorts,
} from "../../../../src/engine/policies/trial/switch-agent.ts";

/** An agent whose single pod a policy guards. Each setting reaches the pod's programs after so many looks. */
class Agent {
  uid = "agent-1";
  wanted: PolicyMode;
  real: PolicyMode;
  started: PolicyMode;
  looksToBuild = 3;
  #left = 0;
  #built = 0;
  now = 0;
  unanswered = 0;
  readonly told: string[] = [];

  constructor(mode: PolicyMode, started = mode) {
    this.wanted = mode;
    this.real = mode;
    this.started = started;
  }

  look(): PolicySettings {
    if (this.#left > 0) {
      this.#left -= 1;
      if (this.#left === 0) {
        this.real = this.wanted;
        this.#built += 1;
      }
    }
    const guards = this.real.enforcement !== "never";
    return {
      node: "worker-1",
      pod: { namespace: "kube-system", name: "cilium-x", uid: this.uid },
      now: this.wanted,
      started: this.started,
      tellsVerdicts: true,
      endpoints: [
        {
          id: 7,
          ip: "10.245.1.7",
          pod: "shop/web",
          labels: {},
          audits: this.wanted.audits,
          guarded: { ingress: guards, egress: false },
          ready: this.#left === 0,
          built: String(this.#built),
        },
      ],
    };
  }

  get ports(): TrialPorts {
    const cilium = {
      policySettings: () => {
        if (this.unanswered > 0) {
          this.unanswered -= 1;
          return Promise.reject(new Unavailable("no answer"));
        }
        return Promise.resolve(this.look());
      },
      setPolicies: (_node: string, uid: string, mode: Partial<PolicyMode>) => {
        if (uid !== this.uid) return Promise.reject(new Unavailable("replaced"));
        this.told.push(JSON.stringify(mode));
        this.wanted = { ...this.wanted, ...mode };
        this.#left = this.looksToBuild;
        return Promise.resolve();
      },
    };
    const clock = {
      now: () => this.now,
      sleep: (ms: number, signal: AbortSignal) => {
        this.now += ms;
        return signal.aborted ? Promise.reject(signal.reason) : Promise.resolve();
      },
    };
    return { cilium, clock } as unknown as TrialPorts;
  }
}

const open: PolicyMode = { enforcement: "never", audits: false };
const tried: PolicyMode = { enforcement: "default", audits: true };
const on = (agent: Agent, signal = new AbortController().signal) => switchOn(agent.ports, agent.look(), signal);
const off = (agent: Agent) => switchOff(agent.ports, agent.look(), modeToRestore(agent.look()));

let agent: Agent;
beforeEach(() => {
  agent = new Agent(open);
});

test("policies are looked at only once every pod's programs let everything through, and let go before that ends", async () => {
  const { now, endpoints } = await on(agent);
  expect({ now, guarded: endpoints[0]?.guarded.ingress }).toEqual({ now: tried, guarded: true });
  expect(agent.told).toEqual(['{"audits":true}', '{"enforcement":"default"}']);
  agent.told.length = 0;
  expect(await switchOff(agent.ports, agent.look(), open)).toBe("restored");
  expect({ real: agent.real, told: agent.told }).toEqual({
    real: open,
    told: ['{"enforcement":"never"}', '{"audits":false}'],
  });
});

test("where audit mode reaches no program, policies are not looked at", async () => {
  agent.looksToBuild = 10_000;
  await expect(on(agent)).rejects.toMatchObject({ reason: { code: "agent-not-following" } });
  expect(agent.told).toEqual(['{"audits":true}']);
});

test("where policies are not let go, audit mode stays", async () => {
  await on(agent);
  agent.told.length = 0;
  agent.looksToBuild = 10_000;
  await expect(switchOff(agent.ports, agent.look(), open)).rejects.toMatchObject({
    reason: { code: "agent-not-following" },
  });
  expect({ told: agent.told, audits: agent.wanted.audits }).toEqual({
    told: ['{"enforcement":"never"}'],
    audits: true,
  });
});

test("an agent that does not answer for a while is asked again", async () => {
  await on(agent);
  agent.unanswered = 5;
  expect(await switchOff(agent.ports, agent.look(), open)).toBe("restored");
});

test("an agent that was replaced has its configuration, and is told nothing", async () => {
  const before = agent.look();
  await on(agent);
  agent.uid = "agent-2";
  agent.told.length = 0;
  expect(await switchOff(agent.ports, before, open)).toBe("restarted");
  expect(agent.told).toEqual([]);
});

test("whoever ends it early before audit mode is everywhere has not looked at policies", async () => {
  const ends = new AbortController();
  agent.looksToBuild = 10_000;
  const begun = on(agent, ends.signal);
  ends.abort(new Error("enough"));
  await expect(begun).rejects.toThrow("enough");
  expect(agent.told.filter((one) => one.includes("enforcement"))).toEqual([]);
});

describe("what an agent is put back to", () => {
  test.each([
    ["as it is", new Agent(open), open],
    ["as its configuration says, where a trial was cut off", new Agent(tried, open), open],
    ["as it was told at run time", new Agent({ enforcement: "never", audits: false }, tried), open],
    [
      "with audit mode, where that is configured",
      new Agent({ enforcement: "never", audits: true }),
      { enforcement: "never", audits: true },
    ],
  ])("%s", (_what, one, expected) => expect(modeToRestore(one.look())).toEqual(expected));

  test("a trial that was cut off is ended by the same order", async () => {
    agent = new Agent(tried, open);
    expect(await off(agent)).toBe("restored");
    expect(agent.told).toEqual(['{"enforcement":"never"}', '{"audits":false}']);
  });
});
