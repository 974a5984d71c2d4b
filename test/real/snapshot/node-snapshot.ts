import type { NodeShell } from "../node-shell.ts";

/** What was on a node, a set of lines by kind. */
export type Snapshot = Readonly<Record<string, readonly string[]>>;

/** Names that are drawn anew for every pod or every boot say nothing. */
const masks: readonly (readonly [RegExp, string])[] = [
  [/\b(veth|lxc)[0-9a-f]{6,12}(@\S+)?/g, "$1*"],
  [/\b(cali)[0-9a-f]{11}(@\S+)?/g, "$1*"],
  [/\bcali-(tw|fw|pi|po|pri|pro)-\S+/g, "cali-$1-*"],
  [/\b(cali40s:)\S+/g, "$1*"],
  [/\bcni-[0-9a-f-]{36}/g, "cni-*"],
  [/\b(eth\d+)@if\d+/g, "$1"],
  [/\b[0-9a-f]{64}\b/g, "<id>"],
  [/\bKUBE-(SEP|SVC|FW|EXT|XLB)-[A-Z0-9]{16}/g, "KUBE-$1-*"],
];

/** A script that prints `== KIND` and then its lines. Flannel, Calico and Cilium, and whatever else keeps files in these places. */
const script = `
section() { echo "== $1"; }
section file
for folder in /etc/cni/net.d /opt/cni/bin /etc/sysctl.d /run/flannel /run/calico /run/nodeagent /var/lib/calico /var/log/calico \\
  /var/lib/cni /run/cilium /var/lib/cilium /run/xtables.lock; do
  [ -e "$folder" ] && find "$folder" -xdev -maxdepth 4 2>/dev/null
done
section content
for file in /etc/cni/net.d/* /etc/sysctl.d/*; do
  [ -f "$file" ] && echo "$file $(cksum < "$file")"
done
section link
ip -o link | awk -F': ' '{print $2}'
section route
ip -4 route show table all | sed 's/ *$//' | grep -v 'table local'
section rule
ip rule
section address
ip -o -4 addr | awk '{print $2, $4}'
section iptables
for tool in iptables-legacy-save iptables-nft-save iptables-save; do
  command -v $tool >/dev/null && $tool 2>/dev/null | grep -E '^(\\*|:|-)' | sed 's/ \\[[0-9]*:[0-9]*\\]//' | grep -vE '^\\*|DOCKER_'
done
section ipset
command -v ipset >/dev/null && ipset list -n 2>/dev/null
section nft
command -v nft >/dev/null && nft list tables 2>/dev/null
section sysctl
for key in net/ipv4/conf/all/rp_filter net/ipv4/conf/default/rp_filter net/ipv4/ip_forward net/ipv4/conf/all/forwarding \\
  net/ipv4/fib_multipath_use_neigh net/core/bpf_jit_enable kernel/unprivileged_bpf_disabled kernel/timer_migration; do
  [ -r /proc/sys/$key ] && echo "$key=$(cat /proc/sys/$key)"
done
section bpf
find /sys/fs/bpf -mindepth 1 -maxdepth 6 2>/dev/null
section mount
awk '{print $2, $3}' /proc/mounts | grep -E 'cilium|flannel|calico|bpf'
`;

/** Lines of each section, masked, sorted, each once. */
export function parseSnapshot(text: string): Snapshot {
  const sections = new Map<string, Set<string>>();
  let lines = new Set<string>();
  for (const line of text.split("\n")) {
    const kind = /^== (\w+)$/.exec(line)?.[1];
    if (kind !== undefined) {
      lines = new Set();
      sections.set(kind, lines);
    } else if (line.trim() !== "") {
      lines.add(masks.reduce((masked, [pattern, mask]) => masked.replace(pattern, mask), line.trimEnd()));
    }
  }
  return Object.fromEntries([...sections].map(([kind, found]) => [kind, [...found].toSorted()]));
}

/** Looks at a node; changes nothing. */
export async function nodeSnapshot(shell: NodeShell, node: string): Promise<Snapshot> {
  return parseSnapshot(await shell.output(node, script, 120_000));
}
