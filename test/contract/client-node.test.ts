import { PassThrough, type Readable } from "node:stream";
import * as k8s from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { configMap, deployment } from "./manifests.ts";
import type { Subject } from "./subject.ts";
import { candidates } from "./subjects.ts";

describe.for(candidates().map((candidate) => [candidate.name, candidate] as const))(
  "client-node on %s",
  ([, candidate]) => {
    let subject: Subject;
    const config = new k8s.KubeConfig();
    const namespace = `node-${Date.now().toString(36)}`;
    const core = () => config.makeApiClient(k8s.CoreV1Api);
    const patchAs = (strategy: string) => k8s.setHeaderOptions("Content-Type", strategy);

    beforeAll(async () => {
      subject = await candidate.start();
      config.loadFromFile(subject.kubeconfig);
      await core().createNamespace({ body: { metadata: { name: namespace } } });
    });
    afterAll(async () => {
      await core().deleteNamespace({ name: namespace });
      const faults = subject.faults();
      await subject.close();
      expect(faults).toEqual([]);
    });

    test("lists with selectors and limits", async () => {
      for (const name of ["a", "b"])
        await core().createNamespacedConfigMap({ namespace, body: configMap(name, namespace, {}) });
      const page = await core().listNamespacedConfigMap({ namespace, limit: 1 });
      expect(page.items).toHaveLength(1);
      expect(page.metadata?._continue).toBeTruthy();
      const named = await core().listNamespacedConfigMap({ namespace, fieldSelector: "metadata.name=b" });
      expect(named.items.map(({ metadata }) => metadata?.name)).toEqual(["b"]);
    });

    test.for([
      ["json", k8s.PatchStrategy.JsonPatch, [{ op: "add", path: "/data", value: { k: "json" } }]],
      ["merge", k8s.PatchStrategy.MergePatch, { data: { k: "merge" } }],
      ["strategic", k8s.PatchStrategy.StrategicMergePatch, { data: { k: "strategic" } }],
      ["apply", k8s.PatchStrategy.ServerSideApply, null],
    ] as const)("patches by %s", async ([kind, strategy, body]) => {
      await core()
        .createNamespacedConfigMap({ namespace, body: configMap("patched", namespace, {}) })
        .catch(() => undefined);
      const fields = strategy === k8s.PatchStrategy.ServerSideApply ? { fieldManager: "contract", force: true } : {};
      const patch = kind === "apply" ? configMap("patched", namespace, { k: "apply" }) : body;
      const patched = await core().patchNamespacedConfigMap(
        { name: "patched", namespace, body: patch, ...fields },
        patchAs(strategy),
      );
      expect(patched.data).toEqual({ k: kind });
    });

    test("is refused an apply that takes another manager's field", async () => {
      const apply = (fieldManager: string, value: string) =>
        core().patchNamespacedConfigMap(
          { name: "shared", namespace, body: configMap("shared", namespace, { k: value }), fieldManager },
          patchAs(k8s.PatchStrategy.ServerSideApply),
        );
      await apply("one", "1");
      const error = await apply("two", "2").catch((refused: unknown) => refused as k8s.ApiException<string>);
      if (!(error instanceof k8s.ApiException)) throw new Error("the apply was not refused");
      expect(error.code).toBe(409);
      expect(JSON.parse(error.body).details.causes[0]).toMatchObject({
        reason: "FieldManagerConflict",
        field: ".data.k",
      });
    });

    test("keeps an informer in step", async () => {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const informer = k8s.makeInformer(config, path, () => core().listNamespacedConfigMap({ namespace }));
      const seen: string[] = [];
      for (const verb of ["add", "update", "delete"] as const) {
        informer.on(verb, ({ metadata }) => {
          if (metadata?.name === "informed") seen.push(verb);
        });
      }
      informer.on("error", () => undefined);
      await informer.start();
      await core().createNamespacedConfigMap({ namespace, body: configMap("informed", namespace, {}) });
      await core().replaceNamespacedConfigMap({
        name: "informed",
        namespace,
        body: configMap("informed", namespace, { a: "1" }),
      });
      await core().deleteNamespacedConfigMap({ name: "informed", namespace });
      await vi.waitFor(() => expect(seen).toEqual(["add", "update", "delete"]), 5_000);
      await informer.stop();
    });

    describe.skipIf(!candidate.runsPods)("with kubelets", () => {
      const runningPod = async () => {
        const apps = config.makeApiClient(k8s.AppsV1Api);
        await apps
          .createNamespacedDeployment({ namespace, body: deployment("web", namespace, 1) })
          .catch(() => undefined);
        return vi.waitFor(async () => {
          const { items } = await core().listNamespacedPod({ namespace, labelSelector: "app=web" });
          const running = items.find(({ status }) => status?.phase === "Running")?.metadata?.name;
          if (!running) throw new Error("no pod runs yet");
          return running;
        }, 10_000);
      };

      const exec = async (pod: string, argv: string[], input?: string) => {
        const [stdout, stderr] = [new PassThrough(), new PassThrough()];
        const stdin = input === undefined ? null : new PassThrough();
        stdin?.end(input);
        let printed = "";
        stdout.on("data", (chunk: Buffer) => {
          printed += chunk.toString("utf8");
        });
        const status = await new Promise<k8s.V1Status>((resolve, reject) => {
          new k8s.Exec(config).exec(namespace, pod, "main", argv, stdout, stderr, stdin, false, resolve).catch(reject);
        });
        return { printed, status };
      };

      test("runs a command, reads its exit code, and closes its input", async () => {
        const pod = await runningPod();
        const good = await exec(pod, ["echo", "hi"]);
        expect([good.printed, good.status.status]).toEqual(["hi\n", "Success"]);
        const bad = await exec(pod, ["sh", "-c", "exit 3"]);
        expect(bad.status.details?.causes).toEqual([{ reason: "ExitCode", message: "3" }]);
        expect((await exec(pod, ["cat"], "through")).printed).toBe("through");
      });

      test("follows a log until it is told to stop", async () => {
        const sink = new PassThrough();
        // client-node 2.0.1 listens to no error of the stream that its own abort breaks.
        sink.once("pipe", (source: Readable) => source.on("error", () => undefined));
        let text = "";
        sink.on("data", (chunk: Buffer) => {
          text += chunk.toString("utf8");
        });
        const stop = await new k8s.Log(config).log(namespace, await runningPod(), "main", sink, { follow: true });
        await vi.waitFor(() => expect(text).not.toBe(""), 5_000);
        stop.abort();
      });

      test("evicts a pod by its name", async () => {
        const pod = await runningPod();
        await core().createNamespacedPodEviction({
          name: pod,
          namespace,
          body: { metadata: { name: pod, namespace } },
        });
        await vi.waitFor(async () => {
          const found = await core()
            .readNamespacedPod({ name: pod, namespace })
            .catch(({ code }: { code: number }) => code);
          expect(found).toBe(404);
        }, 5_000);
      });
    });

    test("is let go by the server when it aborts a watch", async () => {
      const watch = new k8s.Watch(config);
      const ended = vi.fn();
      const aborting = await watch.watch(`/api/v1/namespaces/${namespace}/configmaps`, {}, () => undefined, ended);
      aborting.abort();
      await vi.waitFor(() => expect(ended).toHaveBeenCalled(), 5_000);
    });
  },
);
