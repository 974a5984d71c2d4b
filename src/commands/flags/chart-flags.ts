import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { CiliumTarget } from "../../engine/model/plan-types.ts";
import type { Flags, Given } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { text } from "./flags.ts";

/** How this machine gets at a chart that is not public. No part of the plan: another machine has its own. */
export const chartAccessFlags = {
  "chart-ca": {
    type: "string",
    value: "FILE",
    help: "PEM file of the CA that signed the chart repository's certificate",
  },
  "chart-credentials": {
    type: "string",
    value: "FILE",
    help: "docker config.json with the user and password of the chart's host (or CROSSFADE_CHART_USERNAME and …_PASSWORD)",
  },
} as const satisfies Flags;

/** By whole paths: the engine that is started may stand in another folder. */
export function chartAccess(given: Given): { readonly caFile?: string; readonly credentialsFile?: string } {
  const ca = text(given, "chart-ca");
  const credentials = text(given, "chart-credentials");
  return {
    ...(ca === undefined ? {} : { caFile: resolve(ca) }),
    ...(credentials === undefined ? {} : { credentialsFile: resolve(credentials) }),
  };
}

const usage = (message: string, remedy: string) => new CommandError("USAGE", message, remedy);

/** Addresses are planned and recorded, and stand in the arguments of a running helm. */
function addressOf(flag: string, address: string): URL {
  const url = URL.parse(address);
  if (url === null || url.host === "")
    throw usage(`--${flag} ${address} is no address`, `give it as https://HOST/PATH or oci://HOST/PATH/cilium`);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    const bare = `${url.protocol}//${url.host}${url.pathname}`;
    throw usage(
      `--${flag} ${bare} came with a user, a password or a query, and addresses are recorded`,
      "give the bare address, and the password by --chart-credentials FILE or CROSSFADE_CHART_USERNAME and CROSSFADE_CHART_PASSWORD",
    );
  }
  return url;
}

function repository(address: string): CiliumTarget["chart"] {
  const { protocol } = addressOf("chart-repo", address);
  if (protocol === "oci:")
    throw usage(
      "--chart-repo takes no oci:// address",
      `name the chart itself: --chart ${address.replace(/\/+$/, "")}/cilium`,
    );
  if (protocol !== "https:" && protocol !== "http:")
    throw usage(
      `--chart-repo ${address} is no repository that helm can ask`,
      "give an https:// address with an index.yaml",
    );
  return { repository: address, name: "cilium" };
}

/** As helm names it, without a tag: the version is --cilium-version's to say. */
function ofRegistry(address: string): CiliumTarget["chart"] {
  addressOf("chart", address);
  const [, place = "", name = ""] = /^(oci:\/\/[^/]+(?:\/[^/:@]+)*)\/([^/:@]+)$/.exec(address) ?? [];
  if (name === "")
    throw usage(
      `--chart ${address} does not name a chart`,
      "give it as oci://HOST/PATH/cilium; --cilium-version says which",
    );
  return { repository: place, name };
}

/** By its whole path: the run may go on from another folder, and helm takes no path for a flag. */
function localChart(path: string): { readonly path: string } {
  const whole = resolve(path);
  const found = statSync(whole, { throwIfNoEntry: false });
  if (found?.isDirectory())
    throw usage(
      `--chart ${path} is a folder, and a run installs one file that stays as it was planned`,
      `make it one: helm package ${path}`,
    );
  if (found !== undefined) return { path: whole };
  throw usage(`there is no chart ${path}`, "give --chart a file made by helm pull or helm package");
}

/** Where the chart is, in the place of Cilium's own repository; undefined where nothing was said. */
export function chartOf(given: Given): CiliumTarget["chart"] | undefined {
  const chart = text(given, "chart");
  const repo = text(given, "chart-repo");
  if (chart !== undefined && repo !== undefined)
    throw usage("--chart and --chart-repo both say where the chart is", "leave one of them out");
  if (repo !== undefined) return repository(repo);
  if (chart === undefined) return undefined;
  if (chart.startsWith("oci://")) return ofRegistry(chart);
  return localChart(chart);
}
