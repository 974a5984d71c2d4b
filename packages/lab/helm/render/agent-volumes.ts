import { text, truthy, type Values } from "../values.ts";
import { hostPath } from "./chart-context.ts";

/** Volumes of the agent's pod. */
export function agentVolumes(values: Values): readonly object[] {
  const make = "DirectoryOrCreate";
  return [
    { name: "tmp", emptyDir: {} },
    hostPath("cilium-run", "/var/run/cilium", make),
    hostPath("cilium-netns", "/var/run/netns", make),
    hostPath("bpf-maps", "/sys/fs/bpf", make),
    hostPath("hostproc", "/proc", "Directory"),
    hostPath("cilium-cgroup", "/run/cilium/cgroupv2", make),
    hostPath("cni-path", text(values, "cni.binPath"), make),
    hostPath("etc-cni-netd", text(values, "cni.confPath"), make),
    hostPath("lib-modules", "/lib/modules"),
    hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
    hostPath("envoy-sockets", "/var/run/cilium/envoy/sockets", make),
    {
      name: "clustermesh-secrets",
      projected: {
        defaultMode: 256,
        sources: [secret("cilium-clustermesh"), secret("clustermesh-apiserver-remote-cert")],
      },
    },
    hostPath("host-proc-sys-net", "/proc/sys/net", "Directory"),
    hostPath("host-proc-sys-kernel", "/proc/sys/kernel", "Directory"),
    ...(truthy(values, "hubble.enabled")
      ? [{ name: "hubble-tls", projected: { defaultMode: 256, sources: [secret("hubble-server-certs")] } }]
      : []),
  ];
}

function secret(name: string): object {
  return { secret: { name, optional: true } };
}
