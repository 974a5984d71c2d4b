/**
 * How the API server proves who it is: by a certificate that is verified, by one that is taken as it is
 * (insecure-skip-tls-verify), or not at all (http).
 */
export type ApiTls = "verified" | "unverified" | "none";
