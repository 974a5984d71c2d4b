/** Why a connection failed, in words of our own, and what to do about it. */
export interface LinkTrouble {
  readonly why: string;
  readonly remedy: string;
}

const unknownIssuer: LinkTrouble = {
  why: "its certificate is not signed by the authority that the kubeconfig names",
  remedy: "correct certificate-authority-data of the cluster, or find out who answers at that address",
};
const wrongTime: LinkTrouble = {
  why: "its certificate is not valid at this time",
  remedy: "renew the certificate of the API server, or correct the clock of this machine",
};
const noTls: LinkTrouble = {
  why: "it does not speak TLS",
  remedy: "correct the field server of the kubeconfig: its port, or http instead of https",
};
const clientCertificate: LinkTrouble = {
  why: "it does not accept our client certificate, or misses one",
  remedy: "log in again, or correct client-certificate-data of the user in the kubeconfig",
};

/** By Node's own codes; OpenSSL's text names source files and thread ids, which help nobody. */
const byCode: readonly (readonly [RegExp, LinkTrouble])[] = [
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, wrongTime],
  [/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_SIGNATURE_FAILURE)/, unknownIssuer],
  [/^ERR_SSL_.*ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/, clientCertificate],
  [/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/, noTls],
];

/** What RFC 8446 calls alerts about our certificate: bad, of no known kind, revoked, expired, unknown, its CA unknown, not let in, missing. */
const alertsOnCertificates: ReadonlySet<string> = new Set(["41", "42", "43", "44", "45", "46", "48", "49", "116"]);
/** In the handshake Node gives alerts no code of their own. */
const alertNumber = /SSL alert number (\d+)/;

const openSslReason = /:SSL routines:[^:]*:([^:]+):/;

/** Whoever ends TLS there refuses our certificate: the same as a 401, only said before anything was asked. */
export const isCertificateRefused = (error: NodeJS.ErrnoException): boolean => linkTrouble(error) === clientCertificate;

/** Null for what is no matter of TLS. */
export function linkTrouble(error: NodeJS.ErrnoException): LinkTrouble | null {
  const code = error.code ?? "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const why = `its certificate is made out to another name (${error.message.replace(/\.?[:\s]*$/, "")})`;
    return { why, remedy: "use an address that the certificate names, or set tls-server-name in the kubeconfig" };
  }
  const found = byCode.find(([pattern]) => pattern.test(code));
  if (found !== undefined) return found[1];
  if (alertsOnCertificates.has(alertNumber.exec(error.message)?.[1] ?? "")) return clientCertificate;
  const reason = openSslReason.exec(error.message)?.[1];
  if (reason === undefined) return null;
  if (/wrong version number|packet length too long/.test(reason)) return noTls;
  return { why: `the TLS handshake failed (${reason})`, remedy: "check the server address and certificates" };
}
