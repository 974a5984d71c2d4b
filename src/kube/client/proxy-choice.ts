import { BlockList, isIP } from "node:net";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import type { Environment } from "../auth/kubeconfig.ts";
import { isLoopback } from "./link-settings.ts";

/** True when NO_PROXY names this host: exact, .suffix, suffix, CIDR, host:port, or *. */
export function isExempt(noProxy: string, url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return noProxy
    .toLowerCase()
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || matchesEntry(entry, host, port));
}

function matchesEntry(entry: string, host: string, port: string): boolean {
  if (entry.includes("/")) return inRange(entry, host);
  const [name = "", entryPort] = isIP(entry) !== 0 ? [entry] : entry.split(":");
  if (entryPort !== undefined && entryPort !== port) return false;
  const suffix = name.replace(/^\*?\./, "");
  return host === suffix || host.endsWith(`.${suffix}`);
}

function inRange(range: string, host: string): boolean {
  const [base = "", bits = ""] = range.split("/");
  const version = isIP(base);
  if (version === 0 || isIP(host) !== version) return false;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const subnet = new BlockList();
  subnet.addSubnet(base, Number(bits), family);
  return subnet.check(host, family);
}

/** Upper case wins; curl and Go read both. */
function either(env: Environment, name: string): string {
  return env[name] ?? env[name.toLowerCase()] ?? "";
}

/** The proxy for this server: proxy-url of the cluster, else HTTPS_PROXY or HTTP_PROXY less NO_PROXY, never for loopback. */
export function chooseProxy(server: string, proxyUrl: string, env: Environment): string | null {
  if (proxyUrl !== "") return checked(proxyUrl, "proxy-url of the kubeconfig");
  if (isLoopback(server)) return null;
  const url = new URL(server);
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = either(env, name);
  if (proxy === "" || isExempt(either(env, "NO_PROXY"), url)) return null;
  return checked(proxy.includes("://") ? proxy : `http://${proxy}`, name);
}

function checked(proxy: string, where: string): string {
  if (URL.canParse(proxy) && /^(https?|socks5h?):$/.test(new URL(proxy).protocol)) return proxy;
  throw new CrossfadeError("KUBECONFIG", reason("proxy-address-invalid", { field: where }));
}
