import { afterEach, describe, expect, test } from "vitest";
import {
  type ProberNetwork,
  type ProberSettings,
  proberArguments,
  proberConfigMap,
  proberDaemonSet,
  targetsAnnotation,
} from "../../../src/kube/prober/prober-manifest.ts";
import { proberProgram } from "../../../src/kube/prober/program.ts";
import { noPerl, type RunningProber, startProber } from "../../support/a-prober.ts";

const settings: ProberSettings = {
  image: `registry.example/debian@sha256:${"a".repeat(64)}`,
  pullSecret: null,
  token: "t0ken",
  everyMs: 100,
  program: proberProgram(),
};
const specOf = (network: ProberNetwork, changes: Partial<ProberSettings> = {}) =>
  proberDaemonSet(network, { ...settings, ...changes }).spec.template.spec;

let running: RunningProber | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

describe.each(["pod", "host"] as const)("the prober on the %s network", (network) => {
  const spec = specOf(network);
  const [container] = spec.containers;

  test("has no powers, no token, no writable disk and nothing of the host's but, perhaps, its network", () => {
    expect(container?.securityContext).toEqual({
      runAsUser: 65_534,
      runAsNonRoot: true,
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    for (const host of ["hostPID", "hostIPC"]) expect(spec).not.toHaveProperty(host);
    expect(JSON.stringify(spec.volumes)).not.toContain("hostPath");
    expect(container?.volumeMounts.every(({ readOnly }) => readOnly)).toBe(true);
  });

  test("is held back by no limit of processor time, which it would measure", () => {
    expect(container?.resources.limits).toEqual({ memory: "96Mi" });
  });

  test("uses the image and the pull secret that were given", () => {
    expect(container?.image).toBe(settings.image);
    expect(spec).not.toHaveProperty("imagePullSecrets");
    expect(specOf(network, { pullSecret: "mirror" })).toMatchObject({ imagePullSecrets: [{ name: "mirror" }] });
  });

  test("is another pod when the program is another", () => {
    expect(specOf(network, { program: "other" })).not.toEqual(spec);
    expect(specOf(network)).toEqual(spec);
  });

  test("follows the list on its own pod's annotation", () => {
    expect(JSON.stringify(spec.volumes)).toContain(`metadata.annotations['${targetsAnnotation}']`);
    expect(container?.command).toContain("targets=/targets/list");
  });

  test.skipIf(noPerl !== "")(`is started with what the program understands ${noPerl}`, async () => {
    const args = proberArguments(network, settings)
      .filter((argument) => !/^(targets|port)=/.test(argument))
      .map((argument) => argument.replace("$(NODE_NAME)", "worker-1").replace("$(NODE_IP)", "127.0.0.1"));
    running = startProber([...args, "port=0", ...(network === "pod" ? ["bind=127.0.0.1"] : [])]);
    await running.until((lines) => lines.length > 0);
    expect(running.lines[0]).toMatchObject({ me: "worker-1", problems: [] });
  });
});

test("only one of them is on the node's own network, and answers at the node's address there", () => {
  expect(specOf("host")).toHaveProperty("hostNetwork", true);
  expect(specOf("pod")).not.toHaveProperty("hostNetwork");
  expect(specOf("host").containers[0]?.command).toContain("bind=$(NODE_IP)");
});

test("the program fits into a ConfigMap many times", () => {
  expect(JSON.stringify(proberConfigMap(settings.program)).length).toBeLessThan(100_000);
});
