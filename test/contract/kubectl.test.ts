import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMap, deployment, duckDefinition } from "./manifests.ts";
import { type Ran, type RunOptions, runTool } from "./run-tool.ts";
import type { Subject } from "./subject.ts";
import { candidates, pairUp } from "./subjects.ts";
import { toolboxes } from "./tools.ts";

/** What a port answers to one line, until it is closed. */
function sayHello(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write("hello\n");
  return text(socket).catch(() => "");
}

const boxes = await toolboxes();
const pairs = pairUp(candidates(), boxes);

describe.for(pairs.map(([candidate, box]) => [box.name, candidate.name, candidate, box] as const))(
  "%s on %s",
  ([, , candidate, box]) => {
    let subject: Subject;
    const namespace = `contract-${box.helmMajor}-${Date.now().toString(36)}`;

    const kubectl = (argv: readonly string[], options?: RunOptions): Promise<Ran> =>
      runTool(box.kubectl, subject, ["-n", namespace, ...argv], options);
    const out = async (line: string, options?: RunOptions) => {
      const ran = await kubectl(line.split(" "), options);
      if (ran.code !== 0) throw new Error(`kubectl ${line} ended with ${ran.code}: ${ran.err}`);
      return ran.out;
    };
    const apply = (object: unknown, more = "") => out(`apply -f - ${more}`.trim(), { stdin: JSON.stringify(object) });

    beforeAll(async () => {
      subject = await candidate.start();
      await out(`create namespace ${namespace}`);
    });
    afterAll(async () => {
      await kubectl(["delete", "namespace", namespace, "--wait=false"]);
      const faults = subject.faults();
      await subject.close();
      expect(faults).toEqual([]);
    });

    test("knows the server's version and resources", async () => {
      expect(await out("version")).toMatch(/Server Version: v1\.\d+/);
      expect(await out("api-resources --api-group=apps -o name")).toContain("daemonsets.apps");
      expect(await out("get --raw /readyz")).toBe("ok");
    });

    test("gets an empty list, and a missing object as NotFound", async () => {
      const empty = await kubectl(["get", "pods"]);
      expect([empty.code, empty.err.trim()]).toEqual([0, `No resources found in ${namespace} namespace.`]);
      const missing = await kubectl(["get", "pod", "nobody"]);
      expect([missing.code, missing.err.trim()]).toEqual([1, 'Error from server (NotFound): pods "nobody" not found']);
    });

    test("creates the kinds that it sends as protobuf", async () => {
      await out("create secret generic sesame --from-literal=door=open");
      await out("create serviceaccount bot");
      await out("create configmap plain --from-literal=a=1");
      await out("create deployment shell --image=nginx --replicas=0");
      expect(await out("get secret sesame -o jsonpath={.data.door}")).toBe(btoa("open"));
      expect(
        await out("get deployment shell -o jsonpath={.spec.replicas}/{.spec.template.spec.containers[0].image}"),
      ).toBe("0/nginx");
      expect(await out("auth can-i create pods")).toBe("yes\n");
    });

    test("applies client-side: created, unchanged, configured, and warns of nothing", async () => {
      const object = configMap("applied", namespace, { a: "1" });
      expect(await apply(object)).toBe("configmap/applied created\n");
      expect(await apply(object)).toBe("configmap/applied unchanged\n");
      const changed = await kubectl(["apply", "-f", "-"], { stdin: JSON.stringify({ ...object, data: { b: "2" } }) });
      expect([changed.out, changed.err]).toEqual(["configmap/applied configured\n", ""]);
      expect(await out("get configmap applied -o jsonpath={.data}")).toBe('{"b":"2"}');
    });

    test("applies server-side, and is told who owns a contested field", async () => {
      const object = configMap("owned", namespace, { a: "1" });
      expect(await apply(object, "--server-side --field-manager=first")).toBe("configmap/owned serverside-applied\n");
      const contest = ["apply", "--server-side", "--field-manager=second", "-f", "-"];
      const stdin = JSON.stringify(configMap("owned", namespace, { a: "2" }));
      const refused = await kubectl(contest, { stdin });
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('conflict with "first": .data.a');
      expect((await kubectl([...contest, "--force-conflicts"], { stdin })).code).toBe(0);
    });

    test("shows a difference without making it", async () => {
      await apply(configMap("differing", namespace, { a: "1" }));
      const stdin = JSON.stringify(configMap("differing", namespace, { a: "2" }));
      const differing = await kubectl(["diff", "-f", "-"], { stdin });
      expect(differing.code).toBe(1);
      expect(differing.out).toMatch(/-\s+a: "1"[\s\S]*\+\s+a: "2"/);
      expect(await out("get configmap differing -o jsonpath={.data.a}")).toBe("1");
    });

    test("patches in three ways, labels and annotates", async () => {
      await apply(configMap("patched", namespace, { a: "1" }));
      await out(`patch configmap patched -p {"data":{"b":"2"}}`);
      await out(`patch configmap patched --type=merge -p {"data":{"a":null}}`);
      await out(`patch configmap patched --type=json -p [{"op":"add","path":"/data/c","value":"3"}]`);
      await out("label configmap patched mood=good");
      await out("annotate configmap patched note=x");
      expect(await out("get configmap patched -o jsonpath={.data}")).toBe('{"b":"2","c":"3"}');
      expect(await out("get configmaps -l mood=good -o name")).toBe("configmap/patched\n");
    });

    test("makes a kind of its own and lists it with its column", async () => {
      const plural = `d${namespace.replaceAll("-", "")}s`;
      await apply(duckDefinition(plural));
      await out(`wait --for=condition=Established crd/${plural}.pond.example.com --timeout=10s`);
      const kind = `D${namespace.replaceAll("-", "")}`;
      await apply({ apiVersion: "pond.example.com/v1", kind, metadata: { name: "donald" }, spec: { color: "white" } });
      expect(await out(`get ${plural}`)).toMatch(/NAME +COLOR\ndonald +white\n/);
      await out(`delete crd ${plural}.pond.example.com`);
    });

    test("watches a change that comes after it began", async () => {
      await apply(configMap("watched", namespace, { a: "1" }));
      const watching = kubectl(["get", "configmaps", "-w", "--field-selector=metadata.name=watched"], {
        until: "   2  ",
      });
      await out(`patch configmap watched --type=merge -p {"data":{"b":"2"}}`);
      expect((await watching).out).toMatch(/^NAME +DATA +AGE\n(watched +1 .*\n)?watched +2 /);
    });

    test("deletes and waits until it is gone", async () => {
      await apply(configMap("leaving", namespace, {}));
      expect(await out("delete configmap leaving")).toContain('configmap "leaving" deleted');
      expect((await kubectl(["get", "configmap", "leaving"])).code).toBe(1);
    });

    describe.skipIf(!candidate.runsPods)("with kubelets", () => {
      const pod = async (app: string) =>
        (await out(`get pods -l app=${app} -o jsonpath={.items[0].metadata.name}`)).trim();

      test("rolls a deployment out", async () => {
        await apply(deployment("web", namespace));
        expect(await out("rollout status deployment/web --timeout=15s")).toContain("successfully rolled out");
      });

      test("lists nodes and pods with all their columns", async () => {
        expect(await out("get nodes -o wide")).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP +EXTERNAL-IP/);
        expect(await out("get pods -A -o wide")).toMatch(
          /^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOM/,
        );
        expect(await out("get deployment,rs -o wide")).toContain("SELECTOR");
      });

      test("describes a node and a pod", async () => {
        const name = await pod("web");
        const node = await out(`get pod ${name} -o jsonpath={.spec.nodeName}`);
        expect(await out(`describe node ${node}`)).toContain(name);
        expect(await out(`describe pod ${name}`)).toMatch(/Successfully assigned/);
        expect(await out("get events")).toMatch(/Scheduled/);
      });

      test("waits for conditions and fields", async () => {
        const name = await pod("web");
        await out(`wait --for=condition=Ready pod/${name} --timeout=10s`);
        await out(`wait --for=jsonpath={.status.phase}=Running pod/${name} --timeout=10s`);
      });

      test("runs commands: output, exit code, and input", async () => {
        const name = await pod("web");
        expect(await out(`exec ${name} -- echo hello`)).toBe("hello\n");
        const failed = await kubectl(["exec", name, "--", "sh", "-c", "exit 7"]);
        expect([failed.code, failed.err]).toEqual([7, "command terminated with exit code 7\n"]);
        expect(await out(`exec -i ${name} -- cat`, { stdin: "from outside" })).toBe("from outside");
      });

      test("reads and follows logs", async () => {
        const name = await pod("web");
        const log = await out(`logs ${name}`);
        const last = `${log.trimEnd().split("\n").at(-1)}\n`;
        expect(last.trim()).not.toBe("");
        expect(await out(`logs ${name} --tail=1`)).toBe(last);
        expect((await kubectl(["logs", "-f", name], { until: last })).out).toBe(log);
      });

      test("forwards no port that nobody listens on, and says so", async () => {
        const dialled: Promise<string>[] = [];
        const dial = (out: string) => {
          const port = /127\.0\.0\.1:(\d+) ->/.exec(out)?.[1];
          if (port !== undefined && dialled.length === 0) dialled.push(sayHello(Number(port)));
        };
        // Whether kubectl ends by itself, and in which words, is the runtime's business.
        const ran = await kubectl(["port-forward", await pod("web"), ":9"], { onOutput: dial, untilError: /\S/ });
        expect(await Promise.all(dialled)).toEqual(dialled.map(() => ""));
        expect(ran.err.trim()).not.toBe("");
      });

      test("scales, and rolls out anew", async () => {
        expect(await out("scale deployment web --replicas=3")).toBe("deployment.apps/web scaled\n");
        await out("rollout status deployment/web --timeout=15s");
        await out("rollout restart deployment/web");
        await out("rollout status deployment/web --timeout=15s");
        expect(await out("get deployment web -o jsonpath={.status.readyReplicas}")).toBe("3");
      });

      test("drains a node by eviction, and lets it back in", async () => {
        const [node = ""] = (await out("get pods -l app=web -o jsonpath={.items[*].spec.nodeName}")).split(" ");
        await out(`taint node ${node} trial=on:PreferNoSchedule`);
        await out(`taint node ${node} trial-`);
        const drained = await out(`drain ${node} --ignore-daemonsets --force --delete-emptydir-data --timeout=20s`);
        expect(drained).toContain("evicted");
        expect(await out(`get node ${node}`)).toContain("Ready,SchedulingDisabled");
        expect(await out(`get pods -o name --field-selector=spec.nodeName=${node}`)).toBe("");
        await out(`uncordon ${node}`);
        expect(await out(`get node ${node}`)).not.toContain("SchedulingDisabled");
      });
    });
  },
);

test.skipIf(boxes.length > 0)("kubectl could not be had: the cases above were skipped", () => {
  expect(pairs).toEqual([]);
});
