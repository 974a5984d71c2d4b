import type { Datagrams } from "../../engine/model/ports/lookers.ts";
import type { ExecAnswer } from "../client/kube-client.ts";

/** IPv4's and UDP's own. */
const headerBytes = 28;
/** How long nc goes on listening, and so how long an answer may take. */
const waitSeconds = 1;

const isAddress = (text: string) => /^\d{1,3}(\.\d{1,3}){3}$/.test(text);

/**
 * One datagram to each at the same time, and a line `ADDRESS ANSWER` for each. dd writes in one piece, which nc sends in one; the kernel
 * sets DF on it as far as it knows of no smaller MTU on the way. Null for what is no IPv4 address.
 */
export function datagramCommand({ to, port, bytes }: Datagrams): readonly string[] | null {
  if (to.length === 0 || !to.every(isAddress)) return null;
  const payload = Math.max(1, Math.trunc(bytes) - headerBytes);
  const each = to.map(
    (address) =>
      `echo "${address} $(dd if=/dev/zero bs=${payload} count=1 2>/dev/null | nc -u -w ${waitSeconds} ${address} ${Math.trunc(port)})" &`,
  );
  return ["sh", "-c", `type dd nc >/dev/null || exit 127; ${each.join(" ")} wait`];
}

/** Null where the command did not run to its end. */
export function answersIn({ exitCode, stdout }: ExecAnswer): ReadonlySet<string> | null {
  if (exitCode !== 0) return null;
  return new Set(stdout.split("\n").flatMap((line) => /^(\S+) +\S/.exec(line)?.[1] ?? []));
}
