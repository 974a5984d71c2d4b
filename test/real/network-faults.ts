import type { TestBed } from "./test-bed.ts";

const mark = "crossfade-real";

/** Drops what comes from the other, in both directions, that fits. */
async function between(bed: TestBed, [one, other]: readonly [string, string], match: string): Promise<void> {
  for (const [here, there] of [
    [one, other],
    [other, one],
  ] as const) {
    const from = await bed.addressOf(there);
    await bed.shell.output(here, `iptables -I INPUT -s ${from} ${match} -m comment --comment ${mark} -j DROP`);
  }
}

/** Nothing of Cilium's overlay passes between two nodes. */
export const dropTunnel = (bed: TestBed, pair: readonly [string, string]): Promise<void> =>
  between(bed, pair, `-p udp --dport ${bed.options.tunnelPort}`);

/** Only small packets of it pass: what a path with a smaller MTU does. */
export const dropLarge = (bed: TestBed, pair: readonly [string, string]): Promise<void> =>
  between(bed, pair, `-p udp --dport ${bed.options.tunnelPort} -m length --length 1401:65535`);

/** Takes every such rule away again, on every node. */
export async function healNetwork(bed: TestBed): Promise<void> {
  const script = `iptables -S INPUT | grep ${mark} | sed 's/^-A/-D/' | while read -r rule; do iptables $rule; done`;
  for (const node of await bed.nodes()) await bed.shell.output(node, script);
}
