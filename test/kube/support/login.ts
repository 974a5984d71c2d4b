import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { chooseContext } from "../../../src/kube/auth/kubeconfig.ts";
import { UserCredentials } from "../../../src/kube/auth/user-credentials.ts";
import { HttpKubeClient } from "../../../src/kube/client/http.ts";
import { Transport } from "../../../src/kube/client/transport.ts";
import { FakeServer, json, status } from "./fake-server.ts";

/** Writes a kubeconfig whose only user is this one. */
function write(file: string, cluster: object, user: object): void {
  const config = {
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user }],
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
}

/** An API server that takes whom the test says, and a client that logs in as the kubeconfig says. */
export class Login implements AsyncDisposable {
  readonly server: FakeServer;
  readonly folder = mkdtempSync(path.join(tmpdir(), "login-"));
  readonly taken = new Set<string>();
  #client: HttpKubeClient | null = null;
  #credentials: UserCredentials | null = null;

  /** What the kubeconfig says of the cluster beside its address. */
  readonly #cluster: object;

  private constructor(server: FakeServer, cluster: object = {}) {
    this.server = server;
    this.#cluster = cluster;
  }

  /** At a server of the test's own. */
  static at(server: FakeServer, cluster: object): Login {
    return new Login(server, cluster);
  }

  static async open(...taken: readonly string[]): Promise<Login> {
    const login = new Login(
      await FakeServer.start(({ headers }, response) => {
        const isTaken = login.taken.has(String(headers.authorization ?? "nobody"));
        if (isTaken) json(response, 200, { metadata: {}, items: [] });
        else status(response, 401, "Unauthorized");
      }),
    );
    for (const one of taken) login.taken.add(one);
    return login;
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  get kubeconfig(): string {
    return this.at("config");
  }

  writes(user: object, server = this.server.url): void {
    write(this.kubeconfig, { ...this.#cluster, server }, user);
  }

  as(user: object, server = this.server.url): this {
    this.writes(user, server);
    const wish = { kubeconfig: this.kubeconfig, env: process.env };
    this.#credentials = new UserCredentials(chooseContext(wish), {
      env: process.env,
      mayPrompt: false,
      reread: () => chooseContext(wish),
    });
    const identity = { context: "c", server, kubeconfigPath: this.kubeconfig };
    this.#client = new HttpKubeClient(identity, new Transport(this.#credentials));
    return this;
  }

  atWork(): this {
    this.#credentials?.beginWork();
    return this;
  }

  ask(): Promise<unknown> {
    if (this.#client === null) throw new Error("nobody logged in");
    return this.#client.get("/api/v1/nodes", { retry: false }).then(
      () => "asked",
      (thrown: unknown) => thrown,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.close();
    await this.server[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true });
  }
}

/** An HTTP header that bears a password. */
export const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
