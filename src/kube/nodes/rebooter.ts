import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { V1Pod } from "@kubernetes/client-node";
import { CrossfadeError } from "../../engine/model/errors.ts";
import type { NodeFacts } from "../../engine/model/facts.ts";
import type { RebootMethod } from "../../engine/model/plan-types.ts";
import type { Rebooter } from "../../engine/model/ports/rebooter.ts";
import { reason } from "../../engine/model/reason.ts";
import type { Environment } from "../auth/kubeconfig.ts";
import { ApiError } from "../client/api-error.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { lastWords } from "../client/redact.ts";
import type { AsJson, KubeObject } from "../objects/kube-object.ts";
import { at, text } from "../objects/read.ts";
import { runCommand } from "../process/run-command.ts";
import { ensureNamespace } from "../records/own-namespace.ts";
import { probeNamespace } from "./own-namespace-manifest.ts";

const rebootLabel = "crossfade-reboot";
const podsPath = `/api/v1/namespaces/${probeNamespace}/pods`;
const commandTimeoutMs = 120_000;

/** The same boot gives the same name, so a repeated request finds the first one instead of rebooting twice. */
export function rebootPodName(node: string, bootId: string): string {
  return `${rebootLabel}-${createHash("sha256").update(`${node}\n${bootId}`).digest("hex").slice(0, 16)}`;
}

function rebootPod(node: NodeFacts, image: string) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: rebootPodName(node.name, node.bootId),
      namespace: probeNamespace,
      labels: { app: rebootLabel, "app.kubernetes.io/managed-by": "crossfade" },
      annotations: { "crossfade/boot-id": node.bootId },
    },
    spec: {
      nodeName: node.name,
      hostPID: true,
      hostNetwork: true,
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: "Exists" }],
      containers: [
        {
          name: "reboot",
          image,
          command: ["nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", "--", "systemctl", "reboot"],
          // Into the node's own namespaces leads no smaller way that holds under AppArmor and SELinux too.
          securityContext: { privileged: true, readOnlyRootFilesystem: true },
          resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
        },
      ],
    },
  } satisfies AsJson<V1Pod>;
}

/** As the API server lets Nodes be called: nothing that a program could take for an option. */
const nodeName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

const byHand = { clearedBy: "person", actions: ["rebooted"] } as const;

/**
 * `{node}` and `{address}` inside single arguments; no shell ever sees them. Whoever has a kubelet's credentials may write
 * the address: "-oProxyCommand=…" would be an option to ssh, and so must be an address before it is used as one.
 */
export function fillIn(argv: readonly string[], node: NodeFacts): readonly string[] {
  if (!nodeName.test(node.name))
    throw new CrossfadeError("REBOOT_FAILED", reason("node-name-invalid", { node: node.name }, byHand));
  const address = node.internalIps[0] ?? node.name;
  if (address !== node.name && isIP(address) === 0)
    throw new CrossfadeError("REBOOT_FAILED", reason("node-address-invalid", { node: node.name, address }, byHand));
  return argv.map((argument) => argument.replaceAll("{node}", node.name).replaceAll("{address}", address));
}

function notRun(node: NodeFacts, error: unknown): CrossfadeError {
  const why = error instanceof Error ? error.message : String(error);
  return new CrossfadeError("REBOOT_FAILED", reason("reboot-command-not-run", { node: node.name, said: why }, byHand));
}

/** What is known of the node may be old, and a second reboot cannot be taken back: its bootID is asked anew. */
async function hasRebooted(client: KubeClient, { name, bootId }: NodeFacts, signal: AbortSignal): Promise<boolean> {
  const now = await client.get<KubeObject>(`/api/v1/nodes/${encodeURIComponent(name)}`, { signal });
  return text(at(now, "status", "nodeInfo", "bootID")) !== bootId;
}

/** The port `rebooter`. */
export function kubeRebooter(client: KubeClient, env: Environment): Rebooter {
  async function command(node: NodeFacts, argv: readonly string[], signal: AbortSignal): Promise<void> {
    const { fence } = client;
    fence?.check();
    const answer = await runCommand({ argv, env, signal, fence, timeoutMs: commandTimeoutMs }).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        throw notRun(node, error);
      },
    );
    // Whether one that was ended for want of a lease has rebooted the node is seen by its bootID, as always.
    if (answer.exitCode === 0 || answer.cutOff) return;
    const { exitCode, stderr } = answer;
    const facts = { node: node.name, command: argv[0] ?? "", exitCode, said: lastWords(stderr) };
    const actions = ["rebooted", "retry"] as const;
    throw new CrossfadeError("REBOOT_FAILED", reason("reboot-command-failed", facts, { ...byHand, actions }));
  }

  async function byPod(node: NodeFacts, image: string): Promise<void> {
    await ensureNamespace(client);
    try {
      await client.create(podsPath, rebootPod(node, image));
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") throw error;
    }
  }

  return {
    async reboot(node, method: RebootMethod, signal) {
      if (method.method === "none" || method.method === "manual") return;
      if (await hasRebooted(client, node, signal)) return;
      switch (method.method) {
        case "kind":
          return command(node, fillIn(["docker", "restart", "{node}"], node), signal);
        case "command":
          return command(node, fillIn(method.argv, node), signal);
        case "privileged-pod":
          return byPod(node, method.image);
        default:
          method satisfies never;
      }
    },
    async tidy(node) {
      const pods = await client.list(podsPath, {
        query: { labelSelector: `app=${rebootLabel}`, fieldSelector: `spec.nodeName=${node}` },
      });
      for (const { metadata } of pods) {
        const uid = metadata.uid === undefined ? {} : { preconditions: { uid: metadata.uid } };
        await client.delete(`${podsPath}/${metadata.name}`, {
          apiVersion: "v1",
          kind: "DeleteOptions",
          gracePeriodSeconds: 0,
          ...uid,
        });
      }
    },
  };
}
