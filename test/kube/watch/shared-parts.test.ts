import { expect, test } from "vitest";
import { SharedParts } from "../../../src/kube/watch/shared-parts.ts";

const pod = (name: string) => ({
  name,
  namespace: "d",
  ips: [name],
  labels: { app: "x" },
  owner: { uid: "1" },
  finalizers: [] as string[],
});

test("equal parts of two pods become one, and the pods stay what they were", () => {
  const parts = new SharedParts();
  const [one, other] = [parts.share(pod("a")), parts.share(pod("b"))];
  expect(one).toEqual(pod("a"));
  expect(other).toEqual(pod("b"));
  expect(one.labels).toBe(other.labels);
  expect(one.owner).toBe(other.owner);
  expect(one.finalizers).toBe(other.finalizers);
  expect(one.ips).not.toBe(other.ips);
});

test("a word that reads like an object is no object", () => {
  const parts = new SharedParts();
  expect(parts.share({ labels: { a: "b" } }).labels).toEqual({ a: "b" });
  expect(parts.share({ namespace: '{"a":"b"}' }).namespace).toBe('{"a":"b"}');
  expect(parts.share({ labels: { a: "b" } }).labels).toEqual({ a: "b" });
});
