import { readFileSync } from "node:fs";

/** A docker for clusters whose nodes are containers, as kind's: `docker restart NODE…` and `docker ps`, on the lab. */
async function docker(argv: readonly string[]): Promise<number> {
  const [accessFile = "", command = "", ...rest] = argv;
  const access = JSON.parse(readFileSync(accessFile, "utf8")) as { readonly url: string; readonly token: string };
  const ask = async (path: string, body?: unknown) => {
    const response = await fetch(access.url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${access.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ok: response.ok, answer: (await response.json()) as Record<string, unknown> };
  };
  switch (command) {
    case "restart":
      return restart(names(rest), async (node) => (await ask("/lab/reboot", { node })).ok);
    case "ps":
      return list((await ask("/lab/state")).answer, rest);
    default:
      process.stderr.write(`docker: the lab's docker knows restart and ps, not '${command}'\n`);
      return 1;
  }
}

/** Operands of restart; -t and -s take a value that the lab has no use for. */
function names(words: readonly string[]): string[] {
  return words.filter(
    (word, at) =>
      !word.startsWith("-") && !["-t", "--time", "--timeout", "-s", "--signal"].includes(words[at - 1] ?? ""),
  );
}

async function restart(nodes: readonly string[], reboot: (node: string) => Promise<boolean>): Promise<number> {
  if (nodes.length === 0) {
    process.stderr.write("docker: 'docker restart' requires at least 1 argument\n");
    return 1;
  }
  let exitCode = 0;
  for (const node of nodes) {
    if (await reboot(node)) process.stdout.write(`${node}\n`);
    else {
      process.stderr.write(`Error response from daemon: No such container: ${node}\n`);
      exitCode = 1;
    }
  }
  return exitCode;
}

function list(answer: Record<string, unknown>, words: readonly string[]): number {
  const machines = answer.machines as readonly { readonly name: string; readonly up: boolean }[];
  const running = machines.filter(({ up }) => up || words.includes("-a") || words.includes("--all"));
  if (words.some((word) => word.includes("{{.Names}}"))) {
    process.stdout.write(running.map(({ name }) => `${name}\n`).join(""));
    return 0;
  }
  process.stdout.write("CONTAINER ID   IMAGE          STATUS    NAMES\n");
  for (const { name, up } of running) {
    const id = Buffer.from(name).toString("hex").padEnd(12, "0").slice(0, 12);
    process.stdout.write(`${id}   crossfade-lab  ${up ? "Up     " : "Exited "}   ${name}\n`);
  }
  return 0;
}

try {
  process.exitCode = await docker(process.argv.slice(2));
} catch (error) {
  process.stderr.write(
    `Cannot connect to the lab: ${error instanceof Error ? error.message : String(error)}. Is it still running?\n`,
  );
  process.exitCode = 1;
}
