// A bad API server before a real one (or before the lab), to try crossfade, kubectl and helm on:
//   node test/chaos/proxy/serve.ts --kubeconfig ~/.kube/config --seed 7
//   node test/chaos/proxy/serve.ts --fault outage --for 120
// It writes a kubeconfig that points at itself and prints where. Whoever reaches its port on this machine acts as the
// kubeconfig's user, as with kubectl proxy. Ctrl-C ends it.
import { mkdtempSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type ChosenContext, chooseContext } from "../../../src/kube/auth/kubeconfig.ts";
import { UserCredentials } from "../../../src/kube/auth/user-credentials.ts";
import { BadApi } from "./bad-api.ts";
import { type FaultKind, faultKinds, type Schedule, scheduleOf } from "./faults.ts";
import type { Upstream } from "./http-proxy.ts";

const { values } = parseArgs({
  options: {
    kubeconfig: { type: "string" },
    context: { type: "string" },
    port: { type: "string", default: "0" },
    /** Draws a schedule: from four to nine faults, spread over so many requests. */
    seed: { type: "string" },
    over: { type: "string", default: "3000" },
    /** Or these kinds together, after so many requests and for so many seconds, to this share of what they may meet. */
    fault: { type: "string", multiple: true },
    after: { type: "string", default: "1" },
    for: { type: "string", default: "120" },
    share: { type: "string", default: "0.3" },
  },
});

function kindCalled(name: string): FaultKind {
  const kind = faultKinds.find((known) => known === name);
  if (kind !== undefined) return kind;
  console.error(`there is no fault ${name}: there are ${faultKinds.join(", ")}`);
  process.exit(2);
}

function chosenSchedule(): Schedule {
  if (values.fault === undefined) return scheduleOf(Number(values.seed ?? 1), Number(values.over));
  const [forMs, share] = [Number(values.for) * 1_000, Number(values.share)];
  return values.fault.map((name) => ({ kind: kindCalled(name), atRequest: Number(values.after), forMs, share }));
}

/** The API server as the kubeconfig's user reaches it. */
async function upstreamOf(chosen: ChosenContext): Promise<Upstream> {
  const credentials = new UserCredentials(chosen, { env: process.env, mayPrompt: true });
  const { server, tls } = await credentials.current();
  const { protocol, hostname, port, pathname } = new URL(server);
  const secure = protocol === "https:";
  // TLS knows no address as a server's name.
  const named = tls.servername !== undefined || isIP(hostname) === 0;
  return {
    host: hostname,
    port: Number(port || (secure ? 443 : 80)),
    prefix: pathname === "/" ? "" : pathname,
    ...(secure ? { tls: { ...tls, ...(named ? { servername: tls.servername ?? hostname } : {}) } } : {}),
    headers: async () => (await credentials.current()).headers,
  };
}

const firstToken = "token-1";
const file = join(mkdtempSync(join(tmpdir(), "bad-api-")), "kubeconfig");

function writeKubeconfig(port: number, token: string): void {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "bad-api",
    contexts: [{ name: "bad-api", context: { cluster: "bad-api", user: "bad-api" } }],
    clusters: [{ name: "bad-api", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "bad-api", user: { token } }],
  };
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
}

const chosen = chooseContext({ kubeconfig: values.kubeconfig, context: values.context, env: process.env });
const schedule = chosenSchedule();
const api: BadApi = await BadApi.start({
  upstream: await upstreamOf(chosen),
  schedule,
  seed: Number(values.seed ?? 1),
  clock: { now: () => Date.now(), sleep: (ms, signal) => sleep(ms, undefined, { signal }) },
  speedup: 1,
  token: firstToken,
  giveToken: (token) => writeKubeconfig(api.port, token),
  port: Number(values.port),
  tell: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
});
writeKubeconfig(api.port, firstToken);
console.log(`context ${chosen.context} (${chosen.server}) through http://127.0.0.1:${api.port}`);
for (const { kind, atRequest, forMs, share } of schedule) {
  console.log(
    `  from request ${atRequest} for ${Math.round(forMs / 1_000)} s: ${kind}, ${Math.round(share * 100)} % of what it may meet`,
  );
}
console.log(`\nexport KUBECONFIG=${file}`);

process.once("SIGINT", () => {
  const met = [...api.injected].filter(([, count]) => count > 0).map(([kind, count]) => `${kind} ${count}`);
  console.log(`\ninjected: ${met.join(", ") || "nothing"}`);
  void api.close().then(() => process.exit(0));
});
