import { pause } from "../../clock.ts";
import { type ContainerContext, type Program, ProgramExit } from "../../program.ts";
import { type ProgramWorld, untilApiAnswers } from "../api-access.ts";
import { inBackground } from "../background.ts";
import { type AgentConfig, configOf } from "./agent-config.ts";
import { agentExec } from "./agent-exec.ts";
import { joinCluster, type NodeRange } from "./agent-node.ts";
import { followRoutes, setUpHost } from "./agent-routes.ts";
import { CniConf } from "./cni-conf.ts";
import { agentSocket, clearPending, type Datapath, loadDatapath } from "./datapath.ts";
import { RuntimePolicies } from "./policies/policy-options.ts";
import { declareGap } from "./readiness-gap.ts";
import { setUpTunnel } from "./tunnel.ts";

/** One agent at work, as its exec commands and its probe see it. */
export interface AgentLife {
  readonly context: ContainerContext;
  readonly config: AgentConfig;
  readonly cniConf: CniConf;
  readonly policies: RuntimePolicies;
  range: NodeRange | null;
  ready: boolean;
}

/** Between Ready and a datapath that carries new endpoints (cilium/cilium#29405). */
const gapMs = { least: 5_000, most: 15_000 };

export function agent(world: ProgramWorld): Program {
  return {
    name: "cilium-agent",
    matches: (image, container) => /cilium\/cilium(:|@|$)/.test(image) && container === "cilium-agent",
    start(context, crash) {
      const config = configOf(context);
      if (!config) throw new ProgramExit(1, "failed to start: no configuration under /tmp/cilium/config-map");
      const life: AgentLife = {
        context,
        config,
        cniConf: new CniConf(context.machine, config, (line) => context.log(line)),
        policies: new RuntimePolicies(context, config),
        range: null,
        ready: false,
      };
      const ended: (() => void)[] = [];
      context.machine.disk.delete(agentSocket);
      inBackground(
        context,
        (exit) => {
          stop(life, ended);
          crash(exit);
        },
        () => start(life, world, ended),
      );
      return {
        ready: () => life.ready && life.cniConf.settled(),
        exec: (argv, ends) => agentExec(life, world, { argv, ends }),
        stop: () => stop(life, ended),
      };
    },
  };
}

async function start(life: AgentLife, { network }: ProgramWorld, ended: (() => void)[]): Promise<void> {
  const { context, config } = life;
  const { machine, clock, random, signal, store } = context;
  await untilApiAnswers(context, network);
  await pause(clock, random.between(400, 1_500), signal);
  if (signal.aborted) return;
  if (machine.faults.has("agent-crashes") && config.get("write-cni-conf-when-ready"))
    throw new ProgramExit(1, "failed to start: unable to load bpf program: cannot allocate memory");
  const tunnel = setUpTunnel(machine, config);
  const range = await joinCluster(context, config);
  if (!range || signal.aborted) return;
  life.range = range;
  setUpHost(machine, range, config.get("ipv4-native-routing-cidr"));
  ended.push(followRoutes(machine, store));
  machine.disk.set(agentSocket, "");
  await pause(clock, random.between(500, 2_000), signal);
  if (signal.aborted) return;
  life.cniConf.start(clock);
  ended.push(() => life.cniConf.stop());
  life.ready = true;
  context.log('level=info msg="Daemon initialization completed"');
  const wait = random.between(gapMs.least, gapMs.most);
  declareGap(machine, clock.now() + wait);
  await pause(clock, wait, signal);
  if (signal.aborted || !machine.up) return;
  loadDatapath(machine, { ...datapath(config, range, tunnel), ...life.policies.wanted });
  clearPending(machine);
  declareGap(machine, null);
  context.log('level=info msg="Datapath of all endpoints regenerated"');
}

function datapath(
  config: AgentConfig,
  { podCidrs, routerIp, healthIp }: NodeRange,
  tunnel: Datapath["tunnel"],
): Omit<Datapath, "enforcement" | "audits"> {
  return {
    routerIp,
    healthIp,
    podCidrs,
    tunnel,
    masquerade: config.get("enable-ipv4-masquerade") !== "false",
    kubeProxyReplacement: config.get("kube-proxy-replacement") === "true",
  };
}

/** Everything that it made on the node stays: the kernel goes on forwarding without it. */
function stop({ context: { machine }, cniConf }: AgentLife, ended: readonly (() => void)[]): void {
  for (const end of ended) end();
  if (!machine.up) return;
  cniConf.uninstall();
  machine.disk.delete(agentSocket);
}
