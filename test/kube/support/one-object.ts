import type http from "node:http";
import type { KubeObject } from "../../../src/kube/objects/kube-object.ts";
import { json, type Seen, status } from "./fake-server.ts";

type Stored = KubeObject & { readonly data?: object; readonly spec?: unknown };

/** An API server's rules for a single object: creation once, PUT with the right resourceVersion, merge of `data`. */
export class OneObject<T extends Stored> {
  value: T | null = null;
  writes = 0;

  serve(seen: Seen, response: http.ServerResponse): void {
    const refusal = this.#refusal(seen);
    if (refusal !== null) {
      status(response, refusal[0], refusal[1]);
      return;
    }
    if (seen.method !== "GET") this.#write(seen);
    json(response, 200, this.value);
  }

  #refusal(seen: Seen): [number, string] | null {
    if (seen.method === "POST") return this.value === null ? null : [409, "AlreadyExists"];
    if (this.value === null) return [404, "NotFound"];
    if (seen.method !== "PUT") return null;
    const given = (JSON.parse(seen.body) as T).metadata.resourceVersion;
    return given === this.value.metadata.resourceVersion ? null : [409, "Conflict"];
  }

  #write(seen: Seen): void {
    const body = JSON.parse(seen.body) as T;
    const next =
      seen.method === "PATCH" && this.value !== null
        ? { ...this.value, data: { ...this.value.data, ...body.data } }
        : body;
    const resourceVersion = String(Number(this.value?.metadata.resourceVersion ?? 0) + 1);
    this.value = { ...next, metadata: { ...next.metadata, resourceVersion } };
    this.writes += 1;
  }

  /** The hand of somebody else: keys of `data`. */
  edit(changes: Readonly<Record<string, (old: string) => string>>): void {
    const data: Record<string, string> = { ...(this.value?.data as Record<string, string>) };
    for (const [key, change] of Object.entries(changes)) data[key] = change(data[key] ?? "");
    this.#put({ data });
  }

  label(name: string, value: string): void {
    if (this.value) this.#put({ metadata: { ...this.value.metadata, labels: { [name]: value } } });
  }

  #put(change: Partial<Stored>): void {
    if (this.value === null) return;
    const next = { ...this.value, ...change };
    const resourceVersion = String(Number(this.value.metadata.resourceVersion ?? 0) + 1);
    this.value = { ...next, metadata: { ...next.metadata, resourceVersion } };
  }
}
