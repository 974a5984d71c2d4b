import { inParts } from "../model/in-parts.ts";
import { note } from "../model/notes/note.ts";
import { askingAgain, done, type Observation, type Waiting, waiting, waitingFor } from "../model/observation.ts";
import type { HostLook, Looker } from "../model/ports/lookers.ts";
import { firstOf, named } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { actionsOn, startTrouble } from "../observe/start-trouble.ts";
import { givenMtu, notesOn, unfitOf } from "./judge-hosts.ts";
import { neededModules } from "./needed-modules.ts";
import { type TunnelTried, tryTunnel } from "./try-tunnel.ts";

/** As src/kube/nodes/looker-manifest.ts names them. */
const lookers = { namespace: "crossfade", name: "crossfade-look" } as const;
/** Nodes that are looked at side by side. */
const nodesAtOnce = 16;
/** Of a card whose own is not known. */
const usualMtu = 1_500;

const seen = remembered(() => ({
  looks: new Map<string, HostLook>(),
  proven: new Set<string>(),
  /** What stops nothing was told. */
  told: false,
  fits: false,
}));

async function looksOf(scope: RunScope, ready: readonly Looker[]): Promise<ReadonlyMap<string, HostLook>> {
  const { ports, plan, memory } = scope;
  const known = memory.of(seen);
  const { looks } = known;
  const open = ready.filter(({ node }) => !looks.has(node));
  if (open.length === 0) return looks;
  const facts = new Map((await ports.nodes.list()).map((node) => [node.name, node]));
  for (const together of inParts(open, nodesAtOnce))
    await Promise.all(
      together.map(async (looker) => {
        const { internalIps = [], kernelVersion: kernel = "" } = facts.get(looker.node) ?? {};
        const modules = neededModules(plan.cilium, kernel);
        looks.set(looker.node, await ports.lookers.look(looker, { address: internalIps[0] ?? "", kernel, modules }));
      }),
    );
  if (!known.told) for (const [level, said] of notesOn(plan, looks)) scope.log(level, said);
  known.told = true;
  return looks;
}

/** The tunnel's own device from an earlier life has the port: it carries what Cilium's carries, and proves nothing before that is there. */
function inTheTunnelsWay({ plan }: RunScope, looks: ReadonlyMap<string, HostLook>, tried: TunnelTried): Waiting | null {
  const { tunnelProtocol: protocol, tunnelPort: port } = plan.cilium;
  const byPerson = { clearedBy: "person" } as const;
  const device = `cilium_${protocol}`;
  const taken = tried.taken.filter((node) => looks.get(node)?.links.includes(device) !== true);
  if (taken.length > 0) return waiting("tunnel-port-in-use", { protocol, port, ...named(taken) }, byPerson);
  if (tried.blocked.length > 0) {
    const [paths, more] = firstOf(tried.blocked);
    return waiting("tunnel-port-blocked", { port, paths, more }, byPerson);
  }
  if (tried.cut.length === 0) return null;
  const [paths, more] = firstOf(tried.cut);
  return waiting("tunnel-packets-lost", { port, bytes: tried.bytes, paths, more }, byPerson);
}

/** UDP at the tunnel's port, as large as its packets will be, between nodes of which all is known. */
async function tunnelPasses(scope: RunScope, ready: readonly Looker[], looks: ReadonlyMap<string, HostLook>) {
  const { ports, plan, memory, signal } = scope;
  const { proven } = memory.of(seen);
  const { tunnelPort: port } = plan.cilium;
  const given = givenMtu(plan) ?? Number.POSITIVE_INFINITY;
  const addresses = new Map((await ports.nodes.list()).map(({ name, internalIps }) => [name, internalIps[0]]));
  const ring = ready.flatMap((looker) => {
    const address = addresses.get(looker.node);
    return address === undefined
      ? []
      : [{ looker, address, mtu: Math.min(given, looks.get(looker.node)?.card?.mtu ?? usualMtu) }];
  });
  const tried = await tryTunnel(ports, { ring, port, proven, signal });
  for (const node of tried.proven) proven.add(node);
  // Where nobody hears even itself it is the means that do not work, as with an image of another nc.
  const isMute = proven.size === 0 && tried.taken.length === ring.length;
  const held = isMute ? null : inTheTunnelsWay(scope, looks, tried);
  if (held) return held;
  const untried = isMute ? tried.taken : tried.unknown;
  if (untried.length > 0) scope.log("warning", note("tunnel-not-tried", { port, ...named(untried) }));
  const bytes = Math.min(...ring.map(({ mtu }) => mtu));
  if (ring.length > 1 && proven.size > 0)
    scope.log("info", note("tunnel-port-open", { port, bytes, nodes: proven.size }));
  return done;
}

async function lookersAwaited({ ports }: RunScope, nodes: readonly string[]): Promise<Waiting> {
  const trouble = await startTrouble(ports, { ...lookers, nodes });
  return waiting("lookers-not-ready", { ...named(nodes), trouble }, { actions: actionsOn(trouble) });
}

/** What only the nodes' own network can tell, and the proof that whoever told it is gone: its port will be Cilium's. */
export async function hostsFit(scope: RunScope, nodes: readonly string[]): Promise<Observation> {
  const { ports, plan, memory } = scope;
  const known = memory.of(seen);
  const there = (await ports.lookers.list()).filter(({ node }) => nodes.includes(node));
  if (!known.fits) {
    const ready = there.filter((one) => one.ready).toSorted((one, other) => (one.node < other.node ? -1 : 1));
    const missing = nodes.filter((node) => !ready.some((one) => one.node === node));
    if (missing.length > 0) return lookersAwaited(scope, missing);
    const looks = await looksOf(scope, ready);
    const unfit = unfitOf(plan, looks);
    if (unfit) {
      // What is mended there is seen.
      for (const node of unfit.nodes) known.looks.delete(node);
      return waitingFor(unfit.reason);
    }
    const passes = await tunnelPasses(scope, ready, looks);
    if (!passes.done) return passes;
    known.fits = true;
  }
  return there.length === 0 ? done : askingAgain(waiting("lookers-left", named(there.map(({ node }) => node))));
}

/** Towards the look, or, once all is seen, towards the end of whoever looked. */
export function nudgeLookers({ ports, plan, memory }: RunScope): Promise<void> {
  if (memory.of(seen).fits) return ports.lookers.stop();
  return ports.lookers.start({ image: plan.options.probeImage, port: plan.cilium.tunnelPort });
}
