import type { CheckCodes } from "../check-codes.ts";
import { some } from "../param-kind.ts";

/** Checks of what two networks at once change for Services and addresses: what each may find, beside that all is well. */
export const hybridFindings = {
  /** Services without an address of their own: their pods speak to each other by pod address. */
  "client-addresses": { "headless-services-found": some },
  "kube-proxy": {
    /** `cidr`: what kube-proxy takes for the pods' range, which is the old one. */
    "kube-proxy-cluster-cidr": { cidr: "text", podCidr: "text" },
    "kube-proxy-built-in": {},
    "kube-proxy-missing": {},
    "kube-proxy-ipvs": {},
    "kube-proxy-mode-untested": { mode: "text" },
  },
  "node-local-dns": {
    "node-local-dns-runs": { workloads: "texts" },
    "node-local-dns-guarded": { workloads: "texts", policies: "number" },
  },
  "pod-host-ports": { "pods-with-host-port": some },
  "services-external-local": { "services-external-local-found": some },
  "services-internal-local": { "services-internal-local-found": some },
} as const satisfies CheckCodes;
