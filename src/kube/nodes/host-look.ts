import type { HostLook, LookFor } from "../../engine/model/ports/lookers.ts";
import type { ExecAnswer } from "../client/kube-client.ts";
import { modulesFolder } from "./looker-manifest.ts";

const either = (name: string): readonly string[] => name.split(" or ");

/** The kernel's own words; all of them are there in a container without any right. */
export function hostCommands({ kernel, modules }: Pick<LookFor, "kernel" | "modules">) {
  const folder = `${modulesFolder}/${kernel}`;
  const files = `/(${modules.flatMap(either).join("|")})\\.ko`;
  return {
    sysctls: ["cat", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv4/conf/all/rp_filter"],
    links: ["ip", "addr", "show"],
    onDisk: ["grep", "-HoE", files, `${folder}/modules.builtin`, `${folder}/modules.dep`],
    loaded: ["ls", "-1", "/sys/module"],
  } as const;
}

type Answers = Readonly<Record<keyof ReturnType<typeof hostCommands>, ExecAnswer>>;

interface Links {
  readonly names: readonly string[];
  readonly card: HostLook["card"];
}

/** `2: eth0@if7: <…> mtu 1500 …`, and below it `    inet 10.0.0.1/24 …`. */
function linksIn(text: string, address: string): Links {
  const names: string[] = [];
  let card: HostLook["card"] = null;
  let mtu = 0;
  for (const line of text.split("\n")) {
    const [, name, size] = /^\d+: ([^:@\s]+)[^:]*:.* mtu (\d+)/.exec(line) ?? [];
    if (name !== undefined) {
      names.push(name);
      mtu = Number(size);
    }
    const [, found] = /^\s+inet6? ([^/\s]+)/.exec(line) ?? [];
    const of = names.at(-1);
    if (found === address && of !== undefined && mtu > 0) card = { name: of, mtu };
  }
  return { names, card };
}

/** Loaded, or built in with a setting of its own; or by the lists of what was built in, and of what is on the disk. */
function modulesMissing({ onDisk, loaded }: Answers, modules: readonly string[]): readonly string[] | null {
  const there = new Set(loaded.exitCode === 0 ? loaded.stdout.split("\n").map((name) => name.trim()) : []);
  const listed = new Set(
    [...onDisk.stdout.matchAll(/\/([\w-]+)\.ko/g)].map(([, name = ""]) => name.replaceAll("-", "_")),
  );
  const without = modules.filter((name) => !either(name).some((one) => there.has(one) || listed.has(one)));
  // grep's 2: one of the lists is not there, so that a module may be in it.
  return without.length > 0 && onDisk.exitCode > 1 ? null : without;
}

/** A command that failed says nothing of the node. */
export function hostLookOf(answers: Answers, { address, modules }: Pick<LookFor, "address" | "modules">): HostLook {
  const [forward = "", rpFilter = ""] =
    answers.sysctls.exitCode === 0 ? answers.sysctls.stdout.trim().split(/\s+/) : [];
  const { names, card } = linksIn(answers.links.exitCode === 0 ? answers.links.stdout : "", address);
  return {
    card,
    links: names,
    forwards: forward === "" ? null : forward !== "0",
    rpFilter: /^[012]$/.test(rpFilter) ? Number(rpFilter) : null,
    modulesMissing: modulesMissing(answers, modules),
  };
}

/** Of a node that did not answer. */
export const unseenHost: HostLook = { card: null, links: [], forwards: null, rpFilter: null, modulesMissing: null };
