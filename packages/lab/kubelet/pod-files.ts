import type { Machine } from "../machine.ts";
import type { KubeObject, Store } from "../objects.ts";
import { mayEnterHost } from "./host-reboot.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import type { ContainerSpec, PodObject, Volume, VolumeMount } from "./pod-types.ts";
import { ContainerFiles, clean, type Mount } from "./toolbox/container-files.ts";
import type { ToolScope } from "./toolbox/tool.ts";

/** The file trees of a pod's containers: what its images bring, its volumes, and the machine's disk through hostPath. */
export class PodFiles {
  readonly #store: Store;
  readonly #machine: Machine;
  readonly #pod: () => PodObject;
  readonly #roots = new Map<string, Map<string, string>>();
  readonly #volumes = new Map<string, Map<string, string>>();

  constructor(store: Store, machine: Machine, pod: () => PodObject) {
    this.#store = store;
    this.#machine = machine;
    this.#pod = pod;
  }

  scope(
    container: string,
    {
      world,
      address,
      signal,
      stdin,
    }: { world: KubeletWorld; address: string | null; signal: AbortSignal; stdin: ToolScope["stdin"] },
  ): ToolScope {
    const pod = this.#pod();
    const spec = this.#spec(container);
    const hostNetwork = pod.spec.hostNetwork === true;
    const hostname = hostNetwork ? this.#machine.name : pod.metadata.name;
    return {
      machine: this.#machine,
      files: this.#files(spec),
      hostname,
      env: environment(spec, { pod, hostname, address, hostIp: this.#machine.ip }),
      inRootNetwork: hostNetwork,
      canEnterHost: mayEnterHost(pod, container),
      clock: world.clock,
      signal,
      stdin,
      rebootHost: () => world.clock.after(500, world.rebootHost),
    };
  }

  #spec(container: string): ContainerSpec {
    const { containers, initContainers = [] } = this.#pod().spec;
    const spec = [...containers, ...initContainers].find(({ name }) => name === container);
    if (!spec) throw new Error(`${this.#pod().metadata.name} has no container ${container}`);
    return spec;
  }

  #files(spec: ContainerSpec): ContainerFiles {
    const root = kept(this.#roots, spec.name);
    root.set("/proc/sys/kernel/random/boot_id", `${this.#machine.bootId}\n`);
    root.set("/sys/kernel/btf/vmlinux", "");
    if (this.#pod().spec.hostNetwork === true) {
      root.set("/proc/sys/net/ipv4/ip_forward", "1\n");
      root.set("/proc/sys/net/ipv4/conf/all/rp_filter", "0\n");
    }
    if (this.#pod().spec.hostNetwork !== true) root.set("/sys/class/net/eth0/mtu", `${podMtu(this.#machine)}\n`);
    const mounts = (spec.volumeMounts ?? []).map((mount) => this.#mount(mount));
    return new ContainerFiles([{ at: "/", files: root, base: "/", readOnly: false, isRoot: true }, ...mounts]);
  }

  #mount(mount: VolumeMount): Mount {
    const volume = this.#pod().spec.volumes?.find(({ name }) => name === mount.name);
    const at = clean(mount.mountPath);
    const readOnly = mount.readOnly === true;
    const within = mount.subPath ? `/${mount.subPath}` : "";
    if (volume?.hostPath) {
      const base = clean(volume.hostPath.path + within);
      const files = base.startsWith("/sys/class/net") ? linkFolders(this.#machine) : this.#machine.disk;
      return { at, files, base, readOnly, isRoot: true };
    }
    if (volume?.configMap) return { at, files: this.#configMap(volume), base: clean(`/${within}`), readOnly: true };
    return { at, files: kept(this.#volumes, mount.name), base: clean(`/${within}`), readOnly };
  }

  #configMap({ configMap }: Volume): Map<string, string> {
    const { namespace = "default" } = this.#pod().metadata;
    type ConfigMap = KubeObject & { data?: Record<string, string> };
    const { data = {} } = this.#store.get<ConfigMap>("configmaps", namespace, configMap?.name ?? "") ?? {};
    const items = configMap?.items ?? Object.keys(data).map((key) => ({ key, path: key }));
    return new Map(items.map(({ key, path }) => [clean(`/${path}`), data[key] ?? ""]));
  }
}

/** What the kernel shows of a machine's links, where a pod has its /sys mounted. */
const linkFolders = ({ links }: Machine): Map<string, string> =>
  new Map([...links.keys()].map((name) => [`/sys/class/net/${name}/operstate`, "up\n"]));

/** A tunnel takes 50 bytes of each packet. */
const podMtu = ({ links }: Machine): number =>
  [...links.values()].some(({ kind }) => kind === "vxlan" || kind === "geneve") ? 1_450 : 1_500;

function kept(all: Map<string, Map<string, string>>, name: string): Map<string, string> {
  const known = all.get(name) ?? new Map<string, string>();
  all.set(name, known);
  return known;
}

interface Facts {
  readonly pod: PodObject;
  readonly hostname: string;
  readonly address: string | null;
  readonly hostIp: string;
}

function environment(spec: ContainerSpec, facts: Facts): Record<string, string> {
  const given = (spec.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? downward(valueFrom, facts)]);
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOSTNAME: facts.hostname,
    ...(Object.fromEntries(given) as Record<string, string>),
    KUBERNETES_SERVICE_HOST: "10.96.0.1",
    KUBERNETES_SERVICE_PORT: "443",
    HOME: "/root",
  };
}

/** The downward API; other sources of a variable are empty in the lab. */
function downward(valueFrom: unknown, { pod, address, hostIp }: Facts): string {
  const path = (valueFrom as { fieldRef?: { fieldPath?: string } } | undefined)?.fieldRef?.fieldPath ?? "";
  const fields: Readonly<Record<string, string>> = {
    "metadata.name": pod.metadata.name,
    "metadata.namespace": pod.metadata.namespace ?? "",
    "metadata.uid": pod.metadata.uid ?? "",
    "spec.nodeName": pod.spec.nodeName ?? "",
    "status.podIP": address ?? "",
    "status.hostIP": hostIp,
  };
  return fields[path] ?? "";
}
