import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { CrossfadeError } from "../../engine/model/errors.ts";
import type { TlsMaterial } from "../client/link-settings.ts";
import { type Fields, text } from "../objects/read.ts";
import { credentialFileBytes, readOwnFile } from "../process/read-own-file.ts";
import type { ChosenContext } from "./kubeconfig.ts";

/** client-node's own reading of cluster and user: certificates from file or data. */
async function clientNodeOptions(chosen: ChosenContext, user: Fields): Promise<import("node:https").RequestOptions> {
  const { KubeConfig } = await import("./client-node-config.ts");
  const config = new KubeConfig();
  const { cluster } = chosen;
  config.loadFromClusterAndUser(
    {
      name: "cluster",
      server: chosen.server,
      skipTLSVerify: cluster["insecure-skip-tls-verify"] === true || chosen.server.startsWith("http:"),
      ...given("caData", cluster["certificate-authority-data"]),
      ...given("caFile", cluster["certificate-authority"]),
      ...given("tlsServerName", cluster["tls-server-name"]),
    },
    {
      name: "user",
      ...given("certData", user["client-certificate-data"]),
      ...given("certFile", user["client-certificate"]),
      ...given("keyData", user["client-key-data"]),
      ...given("keyFile", user["client-key"]),
    },
  );
  const options: import("node:https").RequestOptions = { headers: {} };
  await config.applyToHTTPSOptions(options);
  return options;
}

function given<K extends string>(key: K, value: unknown): Partial<Record<K, string>> {
  const string = text(value);
  return string === "" ? {} : ({ [key]: string } as Record<K, string>);
}

function pem(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Buffer.isBuffer(value) ? value.toString("utf8") : text(value);
}

const tlsFields = [
  "certificate-authority",
  "certificate-authority-data",
  "client-certificate",
  "client-certificate-data",
  "tls-server-name",
];

/** Asked only where there is something to ask: client-node costs a tenth of a second to load. */
function needsClientNode(chosen: ChosenContext): boolean {
  return (
    chosen.server.startsWith("https:") &&
    tlsFields.some((field) => chosen.cluster[field] !== undefined || chosen.user[field] !== undefined)
  );
}

/** client-node says of a file that is missing nothing that anybody understands, and waits for a pipe without end. */
function mustRead(file: unknown): void {
  if (typeof file !== "string") return;
  try {
    readOwnFile(file, credentialFileBytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CrossfadeError(
      "KUBECONFIG",
      `The file ${file} that the kubeconfig names cannot be read: ${why}.`,
      `put ${file} in place, or correct the kubeconfig`,
    );
  }
}

/** Epoch milliseconds; null for what is no certificate. */
export function endOfCertificate(pem: string): number | null {
  if (pem === "") return null;
  try {
    return new X509Certificate(pem).validToDate.getTime();
  } catch {
    return null;
  }
}

/** Why TLS cannot be spoken with these, in OpenSSL's words without its places; null where it can. */
export function whyUnusable(material: TlsMaterial): string | null {
  try {
    createSecureContext(material);
    return null;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return said.slice(said.lastIndexOf(":") + 1).trim();
  }
}

/** A certificate whose key is not written yet, as while both are renewed: nothing could be asked with it. */
function mustFit(material: TlsMaterial): TlsMaterial {
  const why = whyUnusable(material);
  if (why === null) return material;
  throw new CrossfadeError(
    "KUBECONFIG",
    `The certificates of the kubeconfig cannot be used: ${why}.`,
    "put a client certificate and its own key in place, both in PEM, or log in again",
  );
}

/** Certificates of the cluster and of the user. */
export async function readTlsMaterial(chosen: ChosenContext): Promise<TlsMaterial> {
  const insecure = chosen.cluster["insecure-skip-tls-verify"] === true;
  if (!needsClientNode(chosen)) return insecure ? { rejectUnauthorized: false } : {};
  for (const file of [
    chosen.cluster["certificate-authority"],
    chosen.user["client-certificate"],
    chosen.user["client-key"],
  ])
    mustRead(file);
  const options = await clientNodeOptions(chosen, chosen.user);
  const material = {
    ca: pem(options.ca),
    cert: pem(options.cert),
    key: pem(options.key),
    servername: pem(options.servername),
  };
  const tls: Record<string, string | boolean> = insecure ? { rejectUnauthorized: false } : {};
  for (const [key, value] of Object.entries(material)) if (value !== undefined) tls[key] = value;
  return mustFit(tls);
}
