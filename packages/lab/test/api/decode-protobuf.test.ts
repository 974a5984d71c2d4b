import { expect, test } from "vitest";
import { decodeProtobuf } from "../../api/wire/decode-protobuf.ts";

type Field = readonly [number: number, value: string | number | Buffer | readonly Field[]];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return Buffer.from([...bytes, left]);
}

/** Encodes fields as gogo-protobuf does: numbers as varints, the rest with a length. */
function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === "number") return Buffer.concat([varint(number * 8), varint(value)]);
      const body =
        typeof value === "string"
          ? Buffer.from(value)
          : Buffer.isBuffer(value)
            ? value
            : message(...(value as Field[]));
      return Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
    }),
  );
}

const envelope = (apiVersion: string, kind: string, raw: Buffer) =>
  Buffer.concat([
    Buffer.from("k8s\0", "latin1"),
    message(
      [
        1,
        [
          [1, apiVersion],
          [2, kind],
        ],
      ],
      [2, raw],
    ),
  ]);

test("a Secret: metadata, bytes as base64, a map; what Go sends as zero is left out", () => {
  const raw = message(
    [
      1,
      [
        [1, "s"],
        [2, ""],
        [3, "d"],
        [8, []],
        [7, 0],
        [
          11,
          [
            [1, "owner"],
            [2, "helm"],
          ],
        ],
      ],
    ],
    [
      2,
      [
        [1, "release"],
        [2, "bytes"],
      ],
    ],
    [3, "helm.sh/release.v1"],
  );
  expect(decodeProtobuf(envelope("v1", "Secret", raw))).toEqual({
    object: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "d", labels: { owner: "helm" } },
      data: { release: Buffer.from("bytes").toString("base64") },
      type: "helm.sh/release.v1",
    },
  });
});

test("a Deployment: pointers keep their zero, inlined messages and lists are unfolded", () => {
  const probe = [
    [
      1,
      [
        [
          2,
          [
            [1, "/"],
            [
              2,
              [
                [1, 0],
                [2, 8080],
                [3, ""],
              ],
            ],
          ],
        ],
      ],
    ],
    [2, 0],
    [4, 10],
  ] as const;
  const container = [
    [1, "main"],
    [2, "nginx"],

    [10, probe as unknown as readonly Field[]],
    [
      8,
      [
        [
          1,
          [
            [1, "cpu"],
            [2, [[1, "100m"]]],
          ],
        ],
      ],
    ],
  ] as const;
  const pod = [
    [
      1,
      [
        [1, "cache"],
        [2, [[2, []]]],
      ],
    ],
    [2, container as unknown as readonly Field[]],
    [4, 30],
    [11, 0],
  ] as const;
  const raw = message(
    [1, [[1, "web"]]],
    [
      2,
      [
        [1, 0],
        [
          2,
          [
            [
              1,
              [
                [1, "app"],
                [2, "web"],
              ],
            ],
          ],
        ],
        [3, [[2, pod as unknown as readonly Field[]]]],
      ],
    ],
    [3, [[1, 0]]],
  );
  const decoded = decodeProtobuf(envelope("apps/v1", "Deployment", raw));
  expect(decoded).toEqual({
    object: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "web" } },
        template: {
          spec: {
            volumes: [{ name: "cache", emptyDir: {} }],
            containers: [
              {
                name: "main",
                image: "nginx",
                resources: { limits: { cpu: "100m" } },
                livenessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 10 },
              },
            ],
            terminationGracePeriodSeconds: 30,
          },
        },
      },
    },
  });
});

test("DeleteOptions in any group, and micro-times", () => {
  const options = message([1, 0], [2, [[1, "uid-1"]]], [4, "Background"], [5, "All"]);
  expect(decodeProtobuf(envelope("policy/v1", "DeleteOptions", options))).toEqual({
    object: {
      apiVersion: "policy/v1",
      kind: "DeleteOptions",
      gracePeriodSeconds: 0,
      preconditions: { uid: "uid-1" },
      propagationPolicy: "Background",
      dryRun: ["All"],
    },
  });
  const lease = message(
    [1, [[1, "l"]]],
    [
      2,
      [
        [1, "me"],
        [
          4,
          [
            [1, 1_767_225_600],
            [2, 123_456_000],
          ],
        ],
      ],
    ],
  );
  expect(decodeProtobuf(envelope("coordination.k8s.io/v1", "Lease", lease))).toMatchObject({
    object: { spec: { holderIdentity: "me", renewTime: "2026-01-01T00:00:00.123456Z" } },
  });
});

test("unknown kinds are named, broken bodies are refused", () => {
  expect(decodeProtobuf(envelope("example.com/v1", "Duck", Buffer.alloc(0)))).toEqual({
    unknown: "Duck of example.com/v1",
  });
  expect(decodeProtobuf(Buffer.from("{}"))).toEqual({ unknown: "a body without the k8s prefix" });
  const cut = envelope("v1", "Secret", message([1, [[1, "name"]]])).subarray(0, -2);
  expect(() => decodeProtobuf(cut)).toThrow("ends early");
});
