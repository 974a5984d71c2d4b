import { Agent, type IncomingMessage, request } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { PodAccess } from "../../api/pods/pod-access.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../../api/server.ts";
import { VirtualClock } from "../../clock.ts";
import { seededRandom } from "../../random.ts";
import type { ApiStore } from "../../store/api-store.ts";
import { createStore } from "../../store/create-store.ts";

/** An API server on a store of its own, in time that stands still. */
export interface ApiUnderTest extends AsyncDisposable {
  readonly store: ApiStore;
  readonly clock: VirtualClock;
  readonly server: ApiServer;
  readonly faults: unknown[];
  open(path: string, method?: string, body?: unknown): Promise<IncomingMessage>;
  /** The code and the parsed body. */
  ask(path: string, method?: string, body?: unknown): Promise<readonly [number, Answer]>;
  /** A watch; `next` resolves with its next event, or null at its end. */
  watch(path: string): Promise<{ next(): Promise<Answer> }>;
}

/** JSON of any shape, looked into by tests. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of every shape
export type Answer = any;

const idlePods: PodAccess = {
  exec: () => Promise.resolve({ stdout: "", stderr: "", exitCode: 0 }),
  logs: () => Promise.resolve(),
};

/** Starts one with a namespace "d". */
export async function startApi(options: Partial<ApiServerOptions> = {}): Promise<ApiUnderTest> {
  const clock = new VirtualClock();
  const store = createStore({ clock, random: seededRandom(1) });
  store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "d" } });
  const faults: unknown[] = [];
  const evict = () => ({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }) as const;
  const basics = { store, clock, token: "t", version: "v1.33.4", pods: idlePods, evict };
  const server = await startApiServer({ ...basics, onFault: (fault) => faults.push(fault), ...options });
  const agent = new Agent({ keepAlive: true });
  const open: ApiUnderTest["open"] = (path, method = "GET", body) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: "Bearer t", "content-type": "application/json" };
      const asked = request(`${server.url}${path}`, { method, headers, agent }, resolve);
      asked.once("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    store,
    clock,
    server,
    faults,
    open,
    async ask(path, method, body) {
      const answer = await open(path, method, body);
      const content = await text(answer);
      const isJson = answer.headers["content-type"] === "application/json";
      return [answer.statusCode ?? 0, isJson ? JSON.parse(content) : content];
    },
    async watch(path) {
      const answer = await open(path);
      answer.on("error", () => undefined);
      const lines = createInterface(answer)[Symbol.asyncIterator]();
      return {
        async next() {
          const { value, done } = await lines.next();
          return done ? null : JSON.parse(value);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await server.close();
    },
  };
}

/** A ConfigMap in "d". */
export const configMap = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "d", labels },
});
