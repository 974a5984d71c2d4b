import { expect, test } from "vitest";
import { type ExecResult, type Program, ProgramExit } from "../../program.ts";
import { oneNode } from "./one-node.ts";

const target = { namespace: "default", pod: "web", container: "app" };
const noSignal = new AbortController().signal;

test("logs follow a container until it ends, and the log before it can be asked for", async () => {
  let write: (line: string) => void = () => undefined;
  let crash: (exit: ProgramExit) => void = () => undefined;
  const talking: Program = {
    name: "talking",
    matches: () => true,
    start(context, end) {
      write = (line) => context.log(line);
      crash = end;
      context.log("first");
      return { ready: () => true };
    },
  };
  const node = oneNode({ programs: [talking] });
  node.run("web", { hostNetwork: true });
  await node.clock.advance(10_000);
  const lines: string[] = [];
  const followed = node.access.logs(target, { follow: true }, (line) => lines.push(line), noSignal);
  write("second");
  crash(new ProgramExit(2, "no more"));
  await followed;
  expect(lines).toEqual(["first", "second", "no more"]);
  await node.clock.advance(10_000);
  const before: string[] = [];
  await node.access.logs(target, { previous: true, tailLines: 1 }, (line) => before.push(line), noSignal);
  expect(before).toEqual(["no more"]);
});

test("a follower that leaves gets no more lines", async () => {
  const node = oneNode();
  node.run("web", { hostNetwork: true });
  await node.clock.advance(10_000);
  const leaving = new AbortController();
  const followed = node.access.logs(target, { follow: true }, () => undefined, leaving.signal);
  leaving.abort();
  await expect(followed).resolves.toBeUndefined();
});

test("the log of a container that has not started is refused as the API server does", async () => {
  const node = oneNode();
  node.run("web");
  await node.clock.advance(5_000);
  expect(() => node.access.logs(target, {}, () => undefined, noSignal)).toThrow(
    "is waiting to start: ContainerCreating",
  );
});

test("a program answers exec first, the toolbox what it leaves", async () => {
  const program: Program = {
    name: "own",
    matches: () => true,
    start: () => ({
      ready: () => true,
      exec: (argv) => (argv[0] === "cilium-dbg" ? { stdout: "ok\n", stderr: "", exitCode: 0 } : null),
    }),
  };
  const node = oneNode({ programs: [program] });
  node.machine.disk.set("/etc/cni/net.d/10-flannel.conflist", "{}\n");
  node.run("web", {
    hostNetwork: true,
    volumes: [{ name: "conf", hostPath: { path: "/etc/cni/net.d" } }],
    containers: [{ name: "app", image: "example/app:1", volumeMounts: [{ name: "conf", mountPath: "/host/conf" }] }],
  });
  await node.clock.advance(10_000);
  expect((await node.access.exec(target, ["cilium-dbg", "status"])).stdout).toBe("ok\n");
  expect((await node.access.exec(target, ["ls", "/host/conf"])).stdout).toBe("10-flannel.conflist\n");
  await node.access.exec(target, ["sh", "-c", "cat > /host/conf/new.conf"], Promise.resolve("{}"));
  expect(node.machine.disk.get("/etc/cni/net.d/new.conf")).toBe("{}");
});

test("a shell finds the program's own commands too, and timeout ends what does not end by itself", async () => {
  const listening = (ends: AbortSignal) =>
    new Promise<ExecResult>((resolve) => {
      const heard = { stdout: "one\ntwo\n", stderr: "listening\n", exitCode: 0 };
      ends.addEventListener("abort", () => resolve(heard), { once: true });
    });
  const program: Program = {
    name: "own",
    matches: () => true,
    start: () => ({ ready: () => true, exec: (argv, ends) => (argv[0] === "monitor" ? listening(ends) : null) }),
  };
  const node = oneNode({ programs: [program] });
  node.run("web", { hostNetwork: true, containers: [{ name: "app", image: "example/app:1" }] });
  await node.clock.advance(10_000);
  const asked = node.access.exec(target, ["sh", "-c", "timeout 30 monitor -n | grep -E '(two|three)' | head -n 5"]);
  await node.clock.advance(29_000);
  expect(await Promise.race([asked, Promise.resolve("at it")])).toBe("at it");
  await node.clock.advance(2_000);
  expect(await asked).toEqual({ stdout: "two\n", stderr: "listening\n", exitCode: 0 });
});

test("an image without a shell has none", async () => {
  const node = oneNode();
  node.run("web", {
    hostNetwork: true,
    containers: [{ name: "app", image: "registry.k8s.io/coredns/coredns:v1.12.0" }],
  });
  await node.clock.advance(10_000);
  expect((await node.access.exec(target, ["sh", "-c", "true"])).exitCode).toBe(127);
});

test("a ConfigMap's volume shows its keys as files", async () => {
  const node = oneNode();
  const data = { "net-conf.json": "{}" };
  node.store.create("configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "cfg", namespace: "default" },
    data,
  });
  node.run("web", {
    hostNetwork: true,
    volumes: [{ name: "cfg", configMap: { name: "cfg" } }],
    containers: [{ name: "app", image: "example/app:1", volumeMounts: [{ name: "cfg", mountPath: "/etc/cfg" }] }],
  });
  await node.clock.advance(10_000);
  expect((await node.access.exec(target, ["ls", "/etc/cfg"])).stdout).toBe("net-conf.json\n");
});
