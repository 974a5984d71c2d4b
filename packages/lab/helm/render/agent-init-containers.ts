import { text, truthy } from "../values.ts";
import { apiServerEnv, type ChartContext, fromConfig, fromField, image, mount } from "./chart-context.ts";

type Base = Readonly<Record<string, string>>;

/** The agent's init containers in their order. */
export function agentInitContainers(context: ChartContext): readonly object[] {
  const { chart, values } = context;
  const base: Base = {
    image: image(chart, "agent"),
    imagePullPolicy: "IfNotPresent",
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
  return [
    config(context, base),
    inHost(context, base, "cilium-mount"),
    ...(truthy(values, "sysctlfix.enabled") ? [inHost(context, base, "cilium-sysctlfix")] : []),
    {
      name: "mount-bpf-fs",
      ...base,
      command: ["/bin/bash", "-c", "--"],
      args: ['mount | grep "/sys/fs/bpf type bpf" || mount -t bpf bpf /sys/fs/bpf'],
      securityContext: { privileged: true },
      volumeMounts: [{ ...mount("bpf-maps", "/sys/fs/bpf"), mountPropagation: "Bidirectional" }],
    },
    cleanState(context, base),
    ...(truthy(values, "cni.install") ? [installBinaries(base)] : []),
  ];
}

function config({ chart, values }: ChartContext, base: Base): object {
  return {
    name: "config",
    ...base,
    command: ["cilium-dbg", "build-config"],
    env: [
      fromField("K8S_NODE_NAME", "spec.nodeName"),
      fromField("CILIUM_K8S_NAMESPACE", "metadata.namespace"),
      ...apiServerEnv(values),
    ],
    volumeMounts: [mount("tmp", "/tmp")],
    ...(chart.line.namedPorts ? { securityContext: restricted("NET_ADMIN") } : {}),
  };
}

/** Runs one of the image's tools in the machine's own mount namespace. */
function inHost({ values }: ChartContext, base: Base, tool: "cilium-mount" | "cilium-sysctlfix"): object {
  const mounts = tool === "cilium-mount";
  return {
    name: mounts ? "mount-cgroup" : "apply-sysctl-overwrites",
    ...base,
    command: ["sh", "-ec", `nsenter --mount=/hostproc/1/ns/mnt "\${BIN_PATH}/${tool}"`],
    env: [
      ...(mounts ? [{ name: "CGROUP_ROOT", value: "/run/cilium/cgroupv2" }] : []),
      { name: "BIN_PATH", value: text(values, "cni.binPath") },
    ],
    volumeMounts: [mount("hostproc", "/hostproc"), mount("cni-path", "/hostbin")],
    securityContext: restricted("SYS_ADMIN", "SYS_CHROOT", "SYS_PTRACE"),
  };
}

function cleanState({ values }: ChartContext, base: Base): object {
  return {
    name: "clean-cilium-state",
    ...base,
    command: ["/init-container.sh"],
    env: [
      fromConfig("CILIUM_ALL_STATE", "clean-cilium-state"),
      fromConfig("CILIUM_BPF_STATE", "clean-cilium-bpf-state"),
      fromConfig("WRITE_CNI_CONF_WHEN_READY", "write-cni-conf-when-ready"),
      ...apiServerEnv(values),
    ],
    securityContext: restricted("NET_ADMIN", "SYS_MODULE", "SYS_ADMIN", "SYS_RESOURCE"),
    volumeMounts: [
      mount("bpf-maps", "/sys/fs/bpf"),
      { ...mount("cilium-cgroup", "/run/cilium/cgroupv2"), mountPropagation: "HostToContainer" },
      mount("cilium-run", "/var/run/cilium"),
    ],
  };
}

function installBinaries(base: Base): object {
  return {
    name: "install-cni-binaries",
    ...base,
    command: ["/install-plugin.sh"],
    resources: { requests: { cpu: "100m", memory: "10Mi" } },
    securityContext: { seLinuxOptions: { level: "s0", type: "spc_t" }, capabilities: { drop: ["ALL"] } },
    volumeMounts: [mount("cni-path", "/host/opt/cni/bin")],
  };
}

function restricted(...add: string[]): object {
  return { seLinuxOptions: { level: "s0", type: "spc_t" }, capabilities: { add, drop: ["ALL"] } };
}
