import type { Excuse } from "./compare-snapshots.ts";
import type { Snapshot } from "./node-snapshot.ts";

const stayed = (kind: string, line: RegExp, why: string): Excuse => ({ what: "stayed", kind, line, why });
const gone = (kind: string, line: RegExp, why: string): Excuse => ({ what: "gone", kind, line, why });

/** What pods of other addresses and another order of events bring with them. */
const everyday: readonly Excuse[] = [
  stayed("route", /\bveth\*|dev cni0/, "pods came and went"),
  gone("route", /\bveth\*|dev cni0/, "pods came and went"),
  stayed("iptables", /KUBE-|CNI-/, "kube-proxy writes anew"),
  gone("iptables", /KUBE-|CNI-/, "kube-proxy writes anew"),
  stayed("file", /^\/var\/lib\/cni\/(results|networks|cache)\//, "records of pods that run"),
  gone("file", /^\/var\/lib\/cni\/(results|networks|cache)\//, "records of pods that ran"),
  stayed("link", /^veth\*|^cni0/, "pods came and went"),
  gone("link", /^veth\*|^cni0/, "no pod with an address of its own is there now"),
  stayed("address", /^cni0 /, "pods came and went"),
  gone("address", /^cni0 /, "no pod with an address of its own is there now"),
  stayed("link", /^cali\*/, "pods came and went"),
  gone("link", /^cali\*/, "pods came and went"),
  stayed("route", /dev cali\*|^blackhole .* proto 80|dev vxlan\.calico/, "blocks and pods came and went"),
  gone("route", /dev cali\*|^blackhole .* proto 80|dev vxlan\.calico/, "blocks and pods came and went"),
  stayed("iptables", /cali-/, "Felix writes anew, a chain for each pod"),
  gone("iptables", /cali-/, "Felix writes anew, a chain for each pod"),
  stayed("ipset", /^cali40/, "Felix writes anew"),
  gone("ipset", /^cali40/, "Felix writes anew"),
  stayed(
    "object",
    /^(IPAMHandle|IPAMBlock|BlockAffinity) /,
    "addresses of pods that run, or that kube-controllers frees",
  ),
  gone("object", /^(IPAMHandle|IPAMBlock|BlockAffinity) /, "addresses of pods that ran"),
  stayed("file", /^\/var\/(lib|log)\/calico\//, "Calico's own records"),
  gone("file", /^\/var\/(lib|log)\/calico\/|^\/run\/calico\//, "Calico's own records"),
  stayed("file", /^\/run\/(calico|nodeagent)(\/|$)/, "Calico's own records"),
  stayed("content", /calico-kubeconfig/, "its token is renewed"),
  gone("content", /calico-kubeconfig/, "its token is renewed"),
];

/** After `crossfade rollback --all`: the table "What it changes" of docs/real-cluster.md, last column. */
export const afterRollbackOfAll: readonly Excuse[] = [
  ...everyday,
  stayed("sysctl", /rp_filter=0|fib_multipath_use_neigh=1|bpf_jit_enable/, "set by it until a restart"),
  gone("sysctl", /rp_filter=|fib_multipath_use_neigh=|bpf_jit_enable/, "set by it until a restart"),
  stayed("link", /^(cilium_(host|net|vxlan|geneve)|lxc_health|lxc\*)/, "until a restart"),
  stayed("address", /^cilium_host /, "until a restart"),
  stayed("route", /cilium_host/, "until a restart"),
  stayed("rule", /lookup 200[0-9]?|fwmark/, "until a restart"),
  stayed("iptables", /CILIUM_|cilium/i, "until a restart"),
  stayed("bpf", /cilium|\/tc(\/|$)|\/ip(\/|$)/, "until a restart"),
  stayed("mount", /cilium|\/sys\/fs\/bpf/, "until a restart"),
  stayed("file", /^\/(run|var\/lib)\/cilium(\/|$)/, "until a restart, or by hand"),
  stayed("object", /^CustomResourceDefinition <none> cilium/, "made by Cilium's operator; unused"),
  stayed("object", /^(CiliumNode|CiliumIdentity) <none> /, "in those CRDs; nobody writes them any more"),
  stayed("object", /^APIService <none> v2(alpha1)?\.cilium\.io$/, "of those CRDs"),
  stayed("nft", /^table ip6? (raw|mangle|nat|filter)$/, "in which iptables keeps its rules"),
  stayed("object", /^Namespace <none> crossfade$/, "the record"),
  stayed(
    "object",
    /^(ConfigMap|ServiceAccount) crossfade /,
    "the record; what the controllers put into every namespace",
  ),
  stayed(
    "object",
    /^(ServiceAccount|Role|RoleBinding|ClusterRole|ClusterRoleBinding) \S+ crossfade-/,
    "roles printed by crossfade rbac",
  ),
  stayed("lease", /^Lease crossfade engine$/, "lease not held"),
  stayed("node", / annotation cni-crossfade\//, "the record"),
  stayed("node", / condition NetworkUnavailable=False (CiliumIsUp|FlannelIsUp|CalicoIsUp)$/, "whoever wrote it last"),
  gone("node", / condition NetworkUnavailable=False (FlannelIsUp|CalicoIsUp)$/, "whoever wrote it last"),
  stayed("node", / annotation flannel\.alpha\.coreos\.com\//, "Flannel serves the node again"),
];

/** A line that may still bear the old CNI's name after its removal, and why. */
interface Remnant {
  readonly kind: string;
  readonly line: RegExp;
  readonly why: string;
}

/** The table "What it changes" of docs/real-cluster.md, column "after a migration". */
const remnants: readonly Remnant[] = [
  { kind: "file", line: /^\/run\/flannel$|^\/var\/lib\/cni\/(flannel|networks\/cbr0)$/, why: "emptied" },
  { kind: "file", line: /^\/(run|var\/lib|var\/log)\/calico$|^\/run\/nodeagent$/, why: "emptied" },
  { kind: "file", line: /^\/var\/lib\/cni\/(results|cache)\//, why: "the container runtime's own records" },
  { kind: "bpf", line: /^\/sys\/fs\/bpf\/cilium\//, why: "Cilium's programs on Flannel's device" },
  { kind: "object", line: /someone-elses|^Namespace <none> kube-flannel$/, why: "others' objects keep the namespace" },
  {
    kind: "object",
    line: /^(ConfigMap|ServiceAccount) kube-flannel (kube-root-ca\.crt|default)$/,
    why: "in every namespace",
  },
  {
    kind: "object",
    line: /^(Role|RoleBinding|ClusterRole|ClusterRoleBinding) \S+ crossfade-/,
    why: "what crossfade rbac prints",
  },
  {
    kind: "object",
    line: /^CustomResourceDefinition <none> \S+\.policy\.networking\.k8s\.io$/,
    why: "Kubernetes' own kinds, which a Calico manifest brings along",
  },
];

/** Names by which a CNI is known on nodes and in the API. */
const marks = { Flannel: /flannel|cbr0|\bcni0\b/i, Calico: /calico|\bcali|tigera|tunl0|proto 80\b/i } as const;

/** A CNI that these tests move a cluster away from. */
export type OldCni = keyof typeof marks;

/** What still bears the old CNI's name though no page says so. */
export const unsaidRemnants = (snapshot: Snapshot, cni: OldCni): readonly string[] =>
  Object.entries(snapshot).flatMap(([kind, lines]) =>
    lines
      .filter((line) => marks[cni].test(line))
      .filter((line) => !remnants.some((remnant) => remnant.kind === kind && remnant.line.test(line)))
      .map((line) => `${kind}: ${line}`),
  );

/** After the old CNI was removed: Cilium is there to stay. */
export const afterRemoval: readonly Excuse[] = [
  ...afterRollbackOfAll,
  stayed("object", /cilium|hubble/i, "Cilium"),
  stayed("lease", /cilium/i, "Cilium"),
  stayed("node", /cilium/i, "Cilium"),
  stayed("file", /cilium/i, "Cilium"),
  stayed("content", /cilium/i, "Cilium"),
  stayed("route", /./, "Cilium's"),
  stayed("link", /cilium|lxc/, "Cilium"),
  stayed("address", /./, "Cilium's"),
  stayed("rule", /./, "Cilium's"),
  gone("object", /flannel/i, "removed"),
  gone("node", /flannel|NetworkUnavailable/i, "removed"),
  gone("file", /flannel|\/var\/lib\/cni/i, "removed"),
  gone("content", /flannel/i, "removed"),
  gone("link", /^(flannel|cni0|veth)/, "removed"),
  gone("route", /flannel|cni0|^10\./, "removed"),
  gone("address", /^(flannel|cni0)/, "removed"),
  gone("iptables", /FLANNEL|flannel/i, "removed"),
  gone("bpf", /flannel/i, "removed"),
  gone("nft", /flannel/i, "removed"),
  gone(
    "object",
    /calico|tigera|^(IPPool|ClusterInformation|FelixConfiguration|KubeControllersConfiguration|IPAMConfig) /i,
    "removed",
  ),
  gone("node", /projectcalico/, "removed"),
  gone("file", /calico|nodeagent/, "removed"),
  gone("content", /calico/, "removed"),
  gone("link", /^(cali|vxlan\.calico|tunl0)/, "removed"),
  gone("address", /^(cali|vxlan\.calico|tunl0)/, "removed"),
  gone("iptables", /cali-|cali:/, "removed"),
  gone("ipset", /^cali/, "removed"),
  gone("bpf", /calico/i, "removed"),
];
