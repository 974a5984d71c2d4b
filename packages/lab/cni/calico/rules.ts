import { createHash } from "node:crypto";
import type { Machine } from "../../machine.ts";

/** Every rule of Felix's bears a hash of itself as comment, by which it knows its own. */
const comment = (text: string) =>
  `-m comment --comment "cali:${createHash("sha256").update(text).digest("base64url").slice(0, 16)}"`;

/** Jumps from the kernel's chains, which Felix keeps first. */
const hooks: Readonly<Record<string, readonly string[]>> = {
  raw: ["PREROUTING", "OUTPUT"],
  mangle: ["PREROUTING", "POSTROUTING"],
  nat: ["PREROUTING", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "OUTPUT", "FORWARD"],
};

const empty: Readonly<Record<string, readonly string[]>> = {
  raw: ["cali-from-host-endpoint", "cali-rpf-skip", "cali-to-host-endpoint"],
  mangle: ["cali-from-host-endpoint", "cali-to-host-endpoint"],
  nat: ["cali-fip-dnat", "cali-fip-snat"],
  filter: [
    "cali-cidr-block",
    "cali-from-endpoint-mark",
    "cali-from-hep-forward",
    "cali-from-host-endpoint",
    "cali-set-endpoint-mark",
    "cali-to-hep-forward",
    "cali-to-host-endpoint",
  ],
};

function whole(vxlanPort: number | null): Readonly<Record<string, readonly string[]>> {
  const tunnel =
    vxlanPort === null
      ? []
      : [
          `-A cali-INPUT -p udp ${comment("in")} -m multiport --dports ${vxlanPort} -m set --match-set cali40all-vxlan-net src -m addrtype --dst-type LOCAL -j ACCEPT`,
          `-A cali-INPUT -p udp ${comment("drop")} -m multiport --dports ${vxlanPort} -m addrtype --dst-type LOCAL -j DROP`,
        ];
  return {
    "raw/cali-OUTPUT": [`-A cali-OUTPUT ${comment("ro")} -j cali-to-host-endpoint`],
    "raw/cali-PREROUTING": [`-A cali-PREROUTING ${comment("rp")} -j cali-from-host-endpoint`],
    "mangle/cali-POSTROUTING": [`-A cali-POSTROUTING ${comment("mo")} -j cali-to-host-endpoint`],
    "mangle/cali-PREROUTING": [`-A cali-PREROUTING ${comment("mp")} -j cali-from-host-endpoint`],
    "nat/cali-OUTPUT": [`-A cali-OUTPUT ${comment("no")} -j cali-fip-dnat`],
    "nat/cali-PREROUTING": [`-A cali-PREROUTING ${comment("np")} -j cali-fip-dnat`],
    "nat/cali-POSTROUTING": [
      `-A cali-POSTROUTING ${comment("ns")} -j cali-fip-snat`,
      `-A cali-POSTROUTING ${comment("nn")} -j cali-nat-outgoing`,
    ],
    "nat/cali-nat-outgoing": [
      `-A cali-nat-outgoing ${comment("masq")} -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE --random-fully`,
    ],
    "filter/cali-INPUT": [...tunnel, `-A cali-INPUT -i cali+ ${comment("wl")} -g cali-wl-to-host`],
    "filter/cali-OUTPUT": [`-A cali-OUTPUT ${comment("out")} -j cali-to-host-endpoint`],
    "filter/cali-FORWARD": [
      `-A cali-FORWARD -i cali+ ${comment("from")} -j cali-from-wl-dispatch`,
      `-A cali-FORWARD -o cali+ ${comment("to")} -j cali-to-wl-dispatch`,
      `-A cali-FORWARD ${comment("cidr")} -j cali-cidr-block`,
    ],
    "filter/cali-wl-to-host": [`-A cali-wl-to-host ${comment("host")} -j cali-from-wl-dispatch`],
  };
}

/** Rules of the chain FORWARD that are no jumps: what Calico's policy accepted is accepted, whatever comes after. */
const accepted = [
  `-A FORWARD ${comment("accept")} -m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT`,
  `-A FORWARD ${comment("mark")} -j MARK --set-xmark 0x10000/0x10000`,
];

/** Brings the machine's chains to what Felix wants; those of its endpoints are made one by one. */
export function ensureChains({ chains }: Machine, vxlanPort: number | null): void {
  const wanted = { ...whole(vxlanPort), ...dispatches, ...Object.fromEntries(bare) };
  for (const [name, rules] of Object.entries(wanted)) if (!chains.has(name)) chains.set(name, [...rules]);
  for (const [table, from] of Object.entries(hooks)) for (const hook of from) ensureHook(chains, table, hook);
  const forward = chains.get("filter/FORWARD") ?? [];
  const missing = accepted.filter((rule) => !forward.includes(rule));
  if (missing.length > 0) chains.set("filter/FORWARD", [...forward, ...missing]);
}

const bare = Object.entries(empty).flatMap(([table, names]) =>
  names.map((name): [string, readonly string[]] => [`${table}/${name}`, []]),
);

const unknown = (chain: string) => [`-A ${chain} ${comment(chain)} -m comment --comment "Unknown interface" -j DROP`];

/** The ways to endpoints, with nobody in them yet. */
const dispatches: Readonly<Record<string, readonly string[]>> = {
  "filter/cali-from-wl-dispatch": unknown("cali-from-wl-dispatch"),
  "filter/cali-to-wl-dispatch": unknown("cali-to-wl-dispatch"),
};

/** First in its chain, and brought back there; but for nat POSTROUTING, where others stay before it. */
function ensureHook(chains: Machine["chains"], table: string, hook: string): void {
  const rule = `-A ${hook} ${comment(`${table} ${hook}`)} -j cali-${hook}`;
  const key = `${table}/${hook}`;
  const rules = chains.get(key) ?? [];
  if (rules[0] === rule || (hook === "POSTROUTING" && rules.includes(rule))) return;
  chains.set(key, [rule, ...rules.filter((each) => each !== rule)]);
}

/** An endpoint's two chains, and the ways to them. */
export function addEndpoint({ chains }: Machine, wire: string): void {
  for (const [way, flag, short] of [
    ["to", "-o", "tw"],
    ["from", "-i", "fw"],
  ] as const) {
    const own = `cali-${short}-${wire}`;
    const name = `filter/cali-${way}-wl-dispatch`;
    const rest = (chains.get(name) ?? []).filter((rule) => !rule.endsWith(` ${own}`));
    chains.set(name, [`-A cali-${way}-wl-dispatch ${flag} ${wire} ${comment(own)} -g ${own}`, ...rest]);
    chains.set(`filter/${own}`, [
      `-A ${own} ${comment(`${own} ct`)} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
      `-A ${own} ${comment(`${own} ok`)} -j MARK --set-xmark 0x10000/0x10000`,
    ]);
  }
}
