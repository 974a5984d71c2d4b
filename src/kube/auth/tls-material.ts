import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import type { TlsMaterial } from "../client/link-settings.ts";
import { type Fields, text } from "../objects/read.ts";
import { credentialFileBytes, readOwnFile } from "../process/read-own-file.ts";
import type { ChosenContext } from "./kubeconfig.ts";

/** A PEM of the kubeconfig: what stands in it (NAME-data) goes before the file that it names, as in client-go. */
export function pemOf(entry: Fields, name: string): string | undefined {
  const data = text(entry[`${name}-data`]);
  if (data !== "") return Buffer.from(data, "base64").toString("utf8");
  const file = text(entry[name]);
  return file === "" ? undefined : readPem(file);
}

function readPem(file: string): string {
  try {
    return readOwnFile(file, credentialFileBytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const facts = { field: "certificate", file, said: why };
    throw new CrossfadeError("KUBECONFIG", reason("credential-file-unreadable", facts));
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
  // Node takes an empty CA for none, and would trust whoever the system trusts.
  const isEmpty = [material.ca, material.cert, material.key].some((pem) => pem?.trim() === "");
  const why = isEmpty ? "one of them is empty" : whyUnusable(material);
  if (why === null) return material;
  throw new CrossfadeError("KUBECONFIG", reason("certificates-unusable", { said: why }));
}

/** How the cluster proves who it is, and what certificate the user shows. */
export function readTlsMaterial({ server, cluster, user }: ChosenContext): TlsMaterial {
  const insecure = cluster["insecure-skip-tls-verify"] === true ? { rejectUnauthorized: false } : {};
  if (!server.startsWith("https:")) return insecure;
  const cert = pemOf(user, "client-certificate");
  const given = {
    ca: pemOf(cluster, "certificate-authority"),
    cert,
    // A key without a certificate is not used, as in client-go.
    key: cert === undefined ? undefined : pemOf(user, "client-key"),
    ...(cluster["tls-server-name"] ? { servername: text(cluster["tls-server-name"]) } : {}),
  };
  return mustFit({
    ...insecure,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  });
}
