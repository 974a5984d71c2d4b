import type { PodObject } from "./pod-types.ts";

const rebootWords = /(^|[\s;&/])(systemctl\s+(-\S+\s+)*)?reboot(\s+(-f|--force|-ff))*\s*;?\s*$/;

/** Whether a command line ends in a restart of the machine: reboot, systemctl reboot, nsenter … -- systemctl reboot. */
export function endsInReboot(argv: readonly string[]): boolean {
  return rebootWords.test(argv.join(" "));
}

/** Privileged and in the machine's process namespace: only then can a container enter the machine's own namespaces. */
export function mayEnterHost(pod: PodObject, container: string): boolean {
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const privileged = all.find(({ name }) => name === container)?.securityContext?.privileged === true;
  return privileged && pod.spec.hostPID === true;
}
