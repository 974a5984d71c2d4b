/**
 * How the API server proves who it is: by a certificate that is verified, by one that is taken as it is
 * (insecure-skip-tls-verify), or not at all (http).
 */
export type ApiTls = "verified" | "unverified" | "none";

/** What an API server that is not proven means, in a sentence; null where it is. */
export function unprovenApi(server: string, tls: ApiTls): string | null {
  if (tls === "verified") return null;
  return tls === "none"
    ? `${server} is asked without TLS: whoever is on the way reads the credentials and may answer in its place`
    : `The certificate of ${server} is not verified (insecure-skip-tls-verify): whoever is on the way may answer in its place`;
}
