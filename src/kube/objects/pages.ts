import { ApiError } from "../client/api-error.ts";
import type { CallOptions, KubeClient } from "../client/kube-client.ts";
import type { KubeObject } from "./kube-object.ts";
import { pagesOf } from "./page-walk.ts";

interface PageReader<T> extends CallOptions {
  page(items: readonly T[]): void;
  /** The continue token expired: everything is read again from the start. */
  again(): void;
}

interface ListAnswer<T> extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly continue?: string };
  readonly items?: readonly T[] | null;
}

/** Reads a list page by page, so that no more than one page of whole objects is ever held. */
export async function eachPage<T extends KubeObject>(
  client: Pick<KubeClient, "get">,
  path: string,
  reader: PageReader<T>,
): Promise<void> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      await readThrough(client, path, reader);
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 410 || restarts >= 3) throw error;
      reader.again();
    }
  }
}

async function readThrough<T extends KubeObject>(
  client: Pick<KubeClient, "get">,
  path: string,
  reader: PageReader<T>,
): Promise<void> {
  const { signal, query: asked, timeoutMs = 60_000, retry = true } = reader;
  const options = { ...(signal === undefined ? {} : { signal }), timeoutMs, retry };
  const read = (query: Readonly<Record<string, string>>) =>
    client.get<ListAnswer<T>>(path, { ...options, query: { ...query, ...asked } });
  for await (const answer of pagesOf(path, read)) reader.page(answer.items ?? []);
}

/** The list as projections. */
export async function listAs<T>(
  client: Pick<KubeClient, "get">,
  path: string,
  project: (object: KubeObject) => T | null,
  options: CallOptions = {},
): Promise<T[]> {
  let all: T[] = [];
  await eachPage<KubeObject>(client, path, {
    ...options,
    page: (items) => {
      for (const item of items) {
        const projected = project(item);
        if (projected !== null) all.push(projected);
      }
    },
    again: () => {
      all = [];
    },
  });
  return all;
}
