import { expect, test } from "vitest";
import { AdmissionUnavailable, Unavailable } from "../../../src/engine/model/errors.ts";
import { holdFrom, outageReason } from "../../../src/engine/model/hold.ts";
import { said } from "../../support/said.ts";

test.each([
  [
    "an API server that is away is named as what must answer",
    new Unavailable("no answer from https://10.0.0.1:6443"),
    "the cluster could not be asked: no answer from https://10.0.0.1:6443",
    "the API server answering",
  ],
  [
    "a command in a pod that did not end is that pod's silence, and no outage of the API server",
    new Unavailable("could not run cilium-dbg in kube-system/cilium-x: no end within 20 s", null, {
      clearedBy: "Pod kube-system/cilium-x answering",
    }),
    "could not run cilium-dbg in kube-system/cilium-x: no end within 20 s",
    "Pod kube-system/cilium-x answering",
  ],
  [
    "a webhook that is away is named as such",
    new AdmissionUnavailable({ by: 'admission webhook "w"', message: "failed calling webhook" }),
    "a write to be admitted: failed calling webhook",
    'admission webhook "w" answering',
  ],
] as const)("%s", (_claim, thrown, because, clearedBy) => {
  expect(said(outageReason(thrown))).toMatchObject({ because, clearedBy });
});

test("two outages of the API server are one wait, a pod's silence is another", () => {
  const first = holdFrom(outageReason(new Unavailable("no answer")), null, 1);
  const second = holdFrom(outageReason(new Unavailable("answered 503")), first, 2);
  expect(second.since).toBe(1);
  const silent = new Unavailable("could not run x", null, { clearedBy: "Pod a/b answering" });
  expect(holdFrom(outageReason(silent), second, 3).since).toBe(3);
});
