import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NodeFacts } from "../../../src/engine/model/facts.ts";
import { cleanerDaemonSet } from "../../../src/kube/nodes/cleaner-manifest.ts";
import { lookerDaemonSet } from "../../../src/kube/nodes/looker-manifest.ts";
import { namespaceManifest } from "../../../src/kube/nodes/own-namespace-manifest.ts";
import { probeDaemonSet } from "../../../src/kube/nodes/probe-manifest.ts";
import { fillIn } from "../../../src/kube/nodes/rebooter.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";
import { inWords } from "../../support/said.ts";

const pinned = `registry.k8s.io/e2e-test-images/agnhost@sha256:${"a".repeat(64)}`;

describe("the probe", () => {
  const { spec } = probeDaemonSet(pinned).spec.template;
  const [container] = spec.containers;

  test("has no powers, no token, no writable disk of its own, and reads one folder", () => {
    expect(container?.securityContext).toEqual({
      runAsUser: 0,
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    for (const host of ["hostNetwork", "hostPID", "hostIPC"]) expect(spec).not.toHaveProperty(host);
    expect(spec.volumes.map(({ hostPath }) => hostPath.path)).toEqual(["/etc/cni/net.d"]);
    expect(container?.volumeMounts.every(({ readOnly }) => readOnly)).toBe(true);
    expect(container?.resources).toMatchObject({ requests: expect.anything(), limits: { memory: "128Mi" } });
  });

  test("serves nothing that runs commands for others, and by the image that was given", () => {
    expect(container?.command).toEqual(["/agnhost", "serve-hostname", "--port=8080"]);
    expect(container?.image).toBe(pinned);
  });

  test("lives in a namespace that admits a hostPath and says so", () => {
    expect(namespaceManifest.metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("privileged");
  });
});

describe("the look at a node's own network", () => {
  const { spec } = lookerDaemonSet({ image: pinned, port: 8473 }).spec.template;
  const [container] = spec.containers;

  test("has the node's network, and neither a power nor a token nor anything to write", () => {
    expect(container?.securityContext).toMatchObject({
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(spec).toMatchObject({ hostNetwork: true, automountServiceAccountToken: false });
    for (const host of ["hostPID", "hostIPC"]) expect(spec).not.toHaveProperty(host);
    expect(spec.volumes.map(({ hostPath }) => hostPath.path)).toEqual(["/lib/modules"]);
    expect(container?.volumeMounts.every(({ readOnly }) => readOnly)).toBe(true);
  });

  test("answers at the tunnel's port alone, and stays to be looked through where something else has it", () => {
    expect(container?.command.at(-1)).toBe("/agnhost serve-hostname --http=false --udp --port=8473; exec sleep 86400");
  });
});

describe("the cleaner", () => {
  const folders = ["/run/flannel", "/var/lib/cni", "/opt/cni/bin"];
  const { spec } = cleanerDaemonSet({ image: pinned, of: "source", folders, nft: false }).spec.template;
  const [container] = spec.containers;

  test("is root over the three folders that are cleaned, and no more of the disk", () => {
    expect(container?.securityContext).toMatchObject({
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE"] },
    });
    expect(spec.volumes.map(({ hostPath }) => hostPath.path)).toEqual(["/run/flannel", "/var/lib/cni", "/opt/cni/bin"]);
    expect(spec).toMatchObject({ automountServiceAccountToken: false });
    for (const host of ["hostPID", "hostIPC"]) expect(spec).not.toHaveProperty(host);
  });

  test("after a rollback of all reaches other places: two folders, and what it only looks at in the kernel", () => {
    const { volumes, containers } = cleanerDaemonSet({ image: pinned, of: "cilium", nft: false }).spec.template.spec;
    expect(volumes.map(({ hostPath }) => hostPath)).toEqual([
      { path: "/opt/cni/bin", type: "DirectoryOrCreate" },
      { path: "/etc/sysctl.d", type: "DirectoryOrCreate" },
      { path: "/sys/class/net", type: "Directory" },
      { path: "/sys/fs/bpf", type: "Directory" },
    ]);
    expect(containers[0]?.volumeMounts.map(({ readOnly }) => readOnly === true)).toEqual([false, false, true, true]);
  });

  test("may change the node's network only where nft tables are to go", () => {
    const nft = cleanerDaemonSet({ image: pinned, of: "source", folders, nft: true }).spec.template.spec.containers[0];
    expect(nft?.securityContext.capabilities.add).toEqual(["DAC_OVERRIDE", "NET_ADMIN"]);
  });
});

describe("on the lab", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.make({ seed: 71 });
  });
  afterAll(() => world.close());

  test("a run with a pinned image leaves no pod of ours, and none ever had more than it needs", async () => {
    const images = new Set<string>();
    const privileged = new Set<string>();
    const stop = world.lab.store.watch("pods", { namespace: "crossfade" }, ({ object }) => {
      const spec = object["spec"] as {
        containers: { name: string; image: string; securityContext?: { privileged?: boolean } }[];
      };
      for (const { name, image, securityContext } of spec.containers) {
        images.add(image);
        if (securityContext?.privileged === true) privileged.add(name);
      }
    });
    const run = world.start({ input: { probeImage: pinned, reboot: { method: "privileged-pod", image: pinned } } });
    expect(await run.end()).toBe("migrated");
    stop();
    expect([...images]).toEqual([pinned]);
    expect([...privileged]).toEqual(["reboot"]);
    expect(new ClusterView(world.lab).ours).toEqual([]);
    expect(run.state.plan?.changes).toContainEqual(
      expect.objectContaining({ kind: "Pod", name: "crossfade-reboot-*", namespace: "crossfade" }),
    );
  });
});

const node = (name: string, ...internalIps: readonly string[]) => ({ name, internalIps }) as unknown as NodeFacts;

describe("a reboot command", () => {
  test.each([
    ["-oProxyCommand=touch /tmp/x"],
    ["--help"],
    ["10.0.0.1; rm -rf /"],
    ["$(reboot)"],
    ["10.0.0.1 -oProxyCommand=x"],
    ["a\nb"],
    [""],
    ["evil.example"],
  ])("is not run with the address %j", (address) => {
    expect(inWords(() => fillIn(["ssh", "{address}", "reboot"], node("worker-1", address)))).toThrow(
      /no command is run/,
    );
  });

  test.each([["-oProxyCommand=x"], ["--privileged"], ["a b"], ["a;b"], ["`id`"], ["A"], [""]])(
    "is not run with the node name %j",
    (name) => {
      expect(inWords(() => fillIn(["docker", "restart", "{node}"], node(name, "10.0.0.1")))).toThrow(
        /no command is run/,
      );
    },
  );

  test("is run with what Kubernetes allows, each in its one argument", () => {
    expect(fillIn(["ssh", "root@{address}", "reboot {node}"], node("ip-10-0-0-1.eu.internal", "fd00::1"))).toEqual([
      "ssh",
      "root@fd00::1",
      "reboot ip-10-0-0-1.eu.internal",
    ]);
    expect(fillIn(["ssh", "{address}"], node("worker-1"))).toEqual(["ssh", "worker-1"]);
  });
});
