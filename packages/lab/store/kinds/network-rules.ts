import { at, byDefault, stringsIn, treeAt, treesIn } from "../json-tree.ts";
import type { KindRules } from "./kind-rules.ts";
import { oneOf } from "./pod-validation.ts";

/** discovery.k8s.io/v1 EndpointSlice. */
export const endpointSliceRules: KindRules = {
  generation: true,
  createOnUpdate: true,
  defaults(object) {
    for (const port of treesIn(object.ports)) {
      byDefault(port, "name", "");
      byDefault(port, "protocol", "TCP");
    }
  },
  validate(object, faults) {
    if (!object.addressType) faults.required("addressType");
    oneOf(object.addressType as string | undefined, ["IPv4", "IPv6", "FQDN"], "addressType", faults);
    treesIn(object.endpoints).forEach((endpoint, index) => {
      if (stringsIn(endpoint.addresses).length === 0) {
        faults.required(`endpoints[${index}].addresses`, "must contain at least 1 address");
      }
    });
  },
  validateUpdate({ fresh, old }, faults) {
    faults.immutable("addressType", fresh.addressType, old.addressType);
  },
};

/** v1 Endpoints. */
export const endpointsRules: KindRules = {
  createOnUpdate: true,
  defaults(object) {
    for (const subset of treesIn(object.subsets)) {
      for (const port of treesIn(subset.ports)) byDefault(port, "protocol", "TCP");
    }
  },
};

/** networking.k8s.io/v1 NetworkPolicy. */
export const networkPolicyRules: KindRules = {
  generation: true,
  defaults(object) {
    const spec = treeAt(object, "spec");
    treeAt(spec, "podSelector");
    byDefault(spec, "policyTypes", spec.egress === undefined ? ["Ingress"] : ["Ingress", "Egress"]);
    for (const rule of [...treesIn(spec.ingress), ...treesIn(spec.egress)]) {
      for (const port of treesIn(rule.ports)) byDefault(port, "protocol", "TCP");
    }
  },
  validate(object, faults) {
    stringsIn(treeAt(object, "spec").policyTypes).forEach((type, index) => {
      oneOf(type, ["Egress", "Ingress"], `spec.policyTypes[${index}]`, faults);
    });
  },
};

/** networking.k8s.io/v1 Ingress. */
export const ingressRules: KindRules = {
  generation: true,
  initialStatus: () => ({ loadBalancer: {} }),
  validate(object, faults) {
    const spec = treeAt(object, "spec");
    if (treesIn(spec.rules).length === 0 && spec.defaultBackend === undefined) {
      faults.invalid("spec", spec, "either `defaultBackend` or `rules` must be specified");
    }
    treesIn(spec.rules).forEach((rule, index) => {
      treesIn(at(rule, "http", "paths")).forEach(({ pathType }, at) => {
        const field = `spec.rules[${index}].http.paths[${at}].pathType`;
        if (pathType === undefined) faults.required(field, "pathType must be specified");
        oneOf(pathType, ["Exact", "ImplementationSpecific", "Prefix"], field, faults);
      });
    });
  },
};

/** Only a name of ours: its single use is the `kubernetes` ServiceCIDR, whose range never changes. */
export const serviceCidrRules: KindRules = {
  initialStatus: () => ({}),
  validate(object, faults) {
    if (stringsIn(treeAt(object, "spec").cidrs).length === 0)
      faults.required("spec.cidrs", "at least one CIDR required");
  },
  validateUpdate({ fresh, old }, faults) {
    faults.immutable("spec.cidrs", at(fresh, "spec", "cidrs"), at(old, "spec", "cidrs"));
  },
};
