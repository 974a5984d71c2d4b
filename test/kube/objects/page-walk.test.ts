import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { TooLongError } from "../../../src/kube/client/send.ts";
import { eachLine } from "../../../src/kube/objects/lines.ts";
import { listAs } from "../../../src/kube/objects/pages.ts";

interface Query {
  readonly limit: string;
  readonly continue?: string;
}

/** A server of `count` deployments that reads aloud no page of more than `most` of them. */
function server(count: number, most: number) {
  const asked: number[] = [];
  return {
    asked,
    get: (_path: string, options: { query?: unknown } = {}) => {
      const { limit: given, continue: token = "0" } = options.query as Query;
      const limit = Number(given);
      asked.push(limit);
      if (limit > most) return Promise.reject(new TooLongError());
      const from = Number(token);
      const items = Array.from({ length: Math.min(limit, count - from) }, (_, n) => ({
        metadata: { namespace: "shop", name: `web-${from + n}` },
      }));
      const more = from + items.length < count ? { continue: String(from + items.length) } : {};
      return Promise.resolve({ metadata: more, items } as never);
    },
  };
}

const path = "/apis/apps/v1/deployments";
const name = (object: { metadata: { name: string } }) => object.metadata.name;

describe("a list whose objects are large", () => {
  test("comes in pages that become shorter by themselves", async () => {
    const api = server(20, 8);
    expect(await listAs(api, path, name)).toHaveLength(20);
    expect(api.asked).toEqual([500, 125, 31, 7, 7, 7]);
  });

  test("where one of them alone is too long it is named by what stands before it", async () => {
    const api = server(3, 500);
    const get: typeof api.get = (asked, options) => {
      const query = options?.query as Query;
      const isFirst = query.continue === undefined && query.limit === "1";
      return isFirst ? api.get(asked, options) : Promise.reject(new TooLongError());
    };
    const thrown = await listAs({ get }, path, name).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Unavailable);
    expect(String(thrown)).toContain("one of the deployments is too long to be read: the one behind shop/web-0");
  });
});

test.each([
  ["the same token", () => ({ metadata: { continue: "x" }, items: [] })],
  ["the same objects", (n: number) => ({ metadata: { continue: String(n) }, items: [{ metadata: { name: "a" } }] })],
  ["empty pages", (n: number) => ({ metadata: { continue: String(n) }, items: [] })],
  [
    "ever more objects",
    (n: number) => ({
      metadata: { continue: String(n) },
      items: Array.from({ length: 5_000 }, (_, m) => ({ metadata: { name: `${n}-${m}` } })),
    }),
  ],
])("a list that goes on for ever with %s ends", async (_what, page) => {
  let count = 0;
  const get = () => {
    count += 1;
    return Promise.resolve(page(count) as never);
  };
  const thrown = await listAs({ get }, path, () => null).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Unavailable);
  expect(String(thrown)).toContain("the list of deployments has no end");
  expect(count).toBeLessThanOrEqual(102);
});

test("a watch line without end is not gathered for ever", async () => {
  let sent = 0;
  const piece = "x".repeat(1024 * 1024);
  const body = Readable.from(
    (function* () {
      for (;;) {
        sent += 1;
        yield Buffer.from(piece);
      }
    })(),
  );
  const reading = (async () => {
    for await (const line of eachLine(body, () => undefined)) expect(line).toBe("never");
  })();
  await expect(reading).rejects.toThrow("longer than 16 MiB");
  expect(sent).toBeLessThan(40);
});
