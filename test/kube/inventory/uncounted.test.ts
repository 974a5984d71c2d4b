import { expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { ApiError } from "../../../src/kube/client/api-error.ts";
import { Uncounted } from "../../../src/kube/inventory/uncounted.ts";

const list = "networkpolicies.networking.k8s.io";
const fails = (error: Error) => Promise.reject<number>(error);

test.each([
  ["a conversion webhook that is down", new ApiError(500, "InternalError", "conversion webhook for x failed")],
  ["a right that is missing", new ApiError(403, "Forbidden", "x is forbidden")],
  ["an answer that is too long", new Unavailable("one of the x is too long to be read")],
])("%s: the sweep goes on, and the list is named with the reason", async (_what, error) => {
  const uncounted = new Uncounted();
  expect(await uncounted.unless(list, fails(error), 0)).toBe(0);
  expect(uncounted.all).toEqual([{ list, why: error.message }]);
});

test("what is not served has none, and that is an answer", async () => {
  const uncounted = new Uncounted();
  expect(await uncounted.unless(list, fails(new ApiError(404, "NotFound", "no")), 0)).toBe(0);
  expect(uncounted.all).toEqual([]);
});

test("a bug is not taken for a list that cannot be read", async () => {
  await expect(new Uncounted().unless(list, fails(new TypeError("x")), 0)).rejects.toThrow(TypeError);
});
