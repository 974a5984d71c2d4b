import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A key and its self-signed certificate, both PEM; the certificate is its own authority. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** ASN.1 tags. */
const tag = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, utcTime: 23, sequence: 0x30, set: 0x31 } as const;

/**
 * Makes a certificate for 127.0.0.1 and localhost. kubectl and helm send no token over plain HTTP, so the lab needs
 * TLS; Node can use certificates but not make them, hence the DER by hand.
 */
export function loopbackCertificate(now = Date.now()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const name = sequence(der(tag.set, sequence(oid("550403"), der(tag.utf8, Buffer.from("crossfade lab")))));
  const validity = sequence(utcTime(now - 3_600_000), utcTime(now + 5 * 365 * 86_400_000));
  const unsigned = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions())),
  );
  const signature = der(tag.bits, Buffer.of(0), sign("sha256", unsigned, privateKey));
  const cert = sequence(unsigned, algorithm, signature);
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert: pem(cert) };
}

/** Basic constraints, key usage, extended key usage and the names that it stands for. */
function extensions(): Buffer[] {
  const isAuthority = sequence(der(1, Buffer.of(0xff)));
  const signs = der(tag.bits, Buffer.of(2, 0b1000_0100));
  const serves = sequence(oid("2b06010505070301"));
  const names = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.of(127, 0, 0, 1)));
  return [
    extension("551d13", isAuthority, true),
    extension("551d0f", signs, true),
    extension("551d25", serves, false),
    extension("551d11", names, false),
  ];
}

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  return sequence(oid(id), ...(critical ? [der(1, Buffer.of(0xff))] : []), der(tag.octets, value));
}

function der(kind: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(kind, ...size), body]);
}

const sequence = (...parts: readonly Buffer[]) => der(tag.sequence, ...parts);
const integer = (value: Buffer) => der(tag.integer, value);
const oid = (hex: string) => der(tag.oid, Buffer.from(hex, "hex"));
const utcTime = (ms: number) =>
  der(tag.utcTime, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`));

function pem(body: Buffer): string {
  const lines = body.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
