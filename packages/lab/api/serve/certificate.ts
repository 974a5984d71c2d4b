import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A key and its self-signed certificate, both PEM; the certificate is its own authority. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** ASN.1 tags. */
const tag = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, utcTime: 23, sequence: 0x30, set: 0x31 } as const;

const nameOf = (...parts: readonly (readonly [string, string])[]) =>
  sequence(
    ...parts.map(([type, value]) => der(tag.set, sequence(oid(type), der(tag.utf8, Buffer.from(value, "utf8"))))),
  );
const commonName = "550403";
const organization = "55040a";
const authorityName = () => nameOf([commonName, "crossfade lab"]);

interface Draft {
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly signingKey: KeyObject | string;
  readonly now: number;
}

function signed({ subject, publicKey, extensions: added, signingKey, now }: Draft): string {
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const unsigned = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    authorityName(),
    sequence(utcTime(now - 3_600_000), utcTime(now + 5 * 365 * 86_400_000)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...added)),
  );
  const signature = der(tag.bits, Buffer.of(0), sign("sha256", unsigned, signingKey));
  return pem(sequence(unsigned, algorithm, signature));
}

const keyPair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const keyText = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();

/**
 * Makes a certificate for 127.0.0.1 and localhost. kubectl and helm send no token over plain HTTP, so the lab needs
 * TLS; Node can use certificates but not make them, hence the DER by hand.
 */
export function loopbackCertificate(now = Date.now()): Certificate {
  const { privateKey, publicKey } = keyPair();
  const cert = signed({
    subject: authorityName(),
    publicKey,
    extensions: extensions(),
    signingKey: privateKey,
    now,
  });
  return { key: keyText(privateKey), cert };
}

/** A user's certificate: CN is the name, each O a group, as the API server reads them. */
export function clientCertificate(
  authority: Certificate,
  { username, groups }: { readonly username: string; readonly groups: readonly string[] },
  now = Date.now(),
): Certificate {
  const { privateKey, publicKey } = keyPair();
  const cert = signed({
    subject: nameOf(...groups.map((group) => [organization, group] as const), [commonName, username]),
    publicKey,
    extensions: [extension("551d25", sequence(oid("2b06010505070302")), false)],
    signingKey: authority.key,
    now,
  });
  return { key: keyText(privateKey), cert };
}

/** Basic constraints, key usage, extended key usage and the names that it stands for. */
function extensions(): Buffer[] {
  const isAuthority = sequence(der(1, Buffer.of(0xff)));
  const signs = der(tag.bits, Buffer.of(2, 0b1000_0100));
  // As an authority it may vouch for clients only where it says so of itself.
  const serves = sequence(oid("2b06010505070301"), oid("2b06010505070302"));
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
