import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { kubeconfigText } from "./kubeconfig-text.ts";
import type { Subject } from "./subject.ts";

const startLimitMs = 60_000;

/** Why there is none, or null when the environment names one. */
export function whyNoRealControlPlane(): string | null {
  const { KUBEBUILDER_ASSETS: assets, CROSSFADE_CONTRACT_KUBECONFIG: kubeconfig } = process.env;
  if (kubeconfig) return existsSync(kubeconfig) ? null : `CROSSFADE_CONTRACT_KUBECONFIG: ${kubeconfig} is not there`;
  if (!assets) return "neither KUBEBUILDER_ASSETS nor CROSSFADE_CONTRACT_KUBECONFIG is set";
  const missing = ["etcd", "kube-apiserver"].find((name) => !existsSync(path.join(assets, name)));
  return missing === undefined ? null : `KUBEBUILDER_ASSETS holds no ${missing}`;
}

/** The cluster of CROSSFADE_CONTRACT_KUBECONFIG, or etcd and kube-apiserver out of KUBEBUILDER_ASSETS. */
export async function startRealControlPlane(): Promise<Subject> {
  const folder = mkdtempSync(path.join(tmpdir(), "crossfade-contract-real-"));
  const given = process.env.CROSSFADE_CONTRACT_KUBECONFIG;
  const removed = () => rmSync(folder, { recursive: true, force: true });
  if (given) {
    return { kubeconfig: given, folder, runsPods: true, faults: () => [], close: () => Promise.resolve(removed()) };
  }
  const [client, peer, secure] = await Promise.all([freePort(), freePort(), freePort()]);
  const children = [startEtcd(folder, client, peer), startApiServer(folder, client, secure)];
  const end = async () => {
    await Promise.all(children.map(ended));
    removed();
  };
  try {
    await untilReady(secure);
  } catch (error) {
    await end();
    throw error;
  }
  const kubeconfig = path.join(folder, "kubeconfig");
  const authority = readFileSync(path.join(folder, "certs/apiserver.crt"), "utf8");
  writeFileSync(kubeconfig, kubeconfigText(`https://127.0.0.1:${secure}`, authority, "contract"), { mode: 0o600 });
  return { kubeconfig, folder, runsPods: false, faults: () => [], close: end };
}

function start(name: string, args: readonly string[]): ChildProcess {
  return spawn(path.join(process.env.KUBEBUILDER_ASSETS ?? "", name), args, { stdio: "ignore" });
}

function startEtcd(folder: string, client: number, peer: number): ChildProcess {
  const [clients, peers] = [client, peer].map((port) => `http://127.0.0.1:${port}`);
  return start("etcd", [
    `--data-dir=${path.join(folder, "etcd")}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
  ]);
}

function startApiServer(folder: string, etcd: number, port: number): ChildProcess {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = path.join(folder, "accounts.key");
  const tokens = path.join(folder, "tokens.csv");
  writeFileSync(key, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  writeFileSync(tokens, "contract,contract,contract,system:masters\n", { mode: 0o600 });
  return start("kube-apiserver", [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${path.join(folder, "certs")}`,
    `--token-auth-file=${tokens}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--disable-admission-plugins=ServiceAccount",
  ]);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

async function untilReady(port: number): Promise<void> {
  const giveUpAt = Date.now() + startLimitMs;
  while (!(await isReady(port))) {
    if (Date.now() > giveUpAt) throw new Error(`kube-apiserver was not ready within ${startLimitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ port, host: "127.0.0.1", path: "/readyz", rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once("error", () => resolve(false)).end();
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
