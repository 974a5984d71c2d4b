import { writeFile } from "node:fs/promises";
import path from "node:path";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import type { Environment } from "../auth/kubeconfig.ts";
import { type ChartAccess, type Login, loginByEnv, loginFor } from "./chart-access.ts";

/** Longer than any repository needs that will answer at all. */
export const pullTimeoutMs = 60_000;

/** A chart of a repository, and the folder of ours that it is pulled into. */
export interface Wanted {
  readonly repository: string;
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

interface Means {
  readonly access: ChartAccess;
  readonly env: Environment;
}

type CommandLine = readonly string[];

async function own(folder: string, name: string, content: unknown): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, JSON.stringify(content), { mode: 0o600 });
  return file;
}

const authority = ({ caFile }: ChartAccess): CommandLine => (caFile === undefined ? [] : ["--ca-file", caFile]);

/** helm and the docker config.json share a format; without a file of ours helm reads what helm registry login wrote. */
async function fromRegistry(
  { repository, name, version, folder }: Wanted,
  { access, env }: Means,
): Promise<readonly CommandLine[]> {
  const login = loginByEnv(env);
  const auth = login && Buffer.from(`${login.username}:${login.password}`).toString("base64");
  const ownFile = () => own(folder, "registry.json", { auths: { [new URL(repository).host]: { auth } } });
  // A file of the operator's may name a credential helper, which helm knows how to ask.
  const file = auth === null ? access.credentialsFile : await ownFile();
  const config = file === undefined ? [] : ["--registry-config", file];
  return [
    ["pull", `${repository}/${name}`, "--version", version, "--destination", folder, ...authority(access), ...config],
  ];
}

/** helm takes a password for --repo as an argument only, which everybody on the machine can read: it goes by a file. */
async function withPassword(
  { repository, name, version, folder }: Wanted,
  { access }: Means,
  login: Login,
): Promise<readonly CommandLine[]> {
  if (repository.startsWith("http://"))
    throw new CrossfadeError("USAGE", reason("chart-password-unencrypted", { repository }));
  const { caFile } = access;
  // A list of one; it is YAML, of which JSON is a part.
  const file = await own(folder, "repositories.yaml", {
    apiVersion: "",
    repositories: [{ name: "chart", url: repository, ...login, ...(caFile === undefined ? {} : { caFile }) }],
  });
  const config = ["--repository-config", file];
  return [
    ["repo", "update", "chart", ...config],
    ["pull", `chart/${name}`, "--version", version, "--destination", folder, ...config],
  ];
}

/** How helm is called to pull a chart: no command line holds a password. */
export async function pullCommands(wanted: Wanted, means: Means): Promise<readonly CommandLine[]> {
  const { repository, name, version, folder } = wanted;
  if (repository.startsWith("oci://")) return fromRegistry(wanted, means);
  const login = loginFor(repository, means.access, means.env);
  if (login !== null) return withPassword(wanted, means, login);
  return [
    ["pull", name, "--repo", repository, "--version", version, "--destination", folder, ...authority(means.access)],
  ];
}
