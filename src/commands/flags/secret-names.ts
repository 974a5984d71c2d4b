/** clientSecret, client-secret, CLIENT_SECRET and etcd.client.secret in the same words. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

const telling =
  /(passwo?r?ds?|passphrase|tokens?|apikey|privatekey|accesskey|secretkey)$|^(credentials?|creds|pat|psk)$/;
/** Words that only end like it. */
const otherPass = /^(by|com|encom|sur|tres|over|under)pass$/;
/** `key` alone is also a toleration's word, and `topologyKey` a label's. */
const ofKeys: ReadonlySet<string> = new Set(
  "api access private secret encryption signing auth account shared storage master symmetric hmac ipsec".split(" "),
);
/** What names a Secret of the cluster is no secret. */
const ofSecretNames: ReadonlySet<string> = new Set("existing pull tls ca cert certificate ref".split(" "));
const publicKeys: ReadonlySet<string> = new Set(["public", "pub"]);

function isTellingKey(before: string, name: string): boolean {
  if (ofKeys.has(before)) return true;
  // Variables of the environment hold keys; a chart's values also name those of labels and ConfigMaps.
  return !publicKeys.has(before) && /^[A-Z][A-Z0-9_]*$/.test(name);
}

/** Whether what is called so is a password, token or key: by its last word, however it is spelt. */
export function isTellingName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  if (telling.test(last)) return true;
  if (last === "pwd") return words.length > 1;
  if (last === "key") return isTellingKey(before, name);
  if (last === "existingsecret") return false;
  if (last.endsWith("secret")) return !ofSecretNames.has(before);
  return last.endsWith("pass") && !otherPass.test(last);
}

/** A switch, nothing, or a place that something else fills in. */
export const isNoSecret = (value: string): boolean =>
  /^(|true|false|yes|no|null|none|\$\(.*|\$\{.*|\{\{.*|<.*>)$/is.test(value.trim());

/** name=value, name: value, --name=value and "name":"value" in a longer text; bounded, so that a long text takes no time. */
const assignment =
  /(?<![\w./-])-{0,2}([A-Za-z][\w./-]{0,100})["']?\s{0,9}[:=]\s{0,9}("[^"]*"?|'[^']*'?|\{\{[^}]*(?:\}\})?|[^\s"',;}&]+)/g;

/** The name of the first thing that a text sets and that is a secret by its name, or null. */
export function secretSetIn(text: string): string | null {
  for (const [, name = "", value = ""] of text.matchAll(assignment)) {
    if (isTellingName(name) && !isNoSecret(value.replaceAll(/^["']|["']$/g, ""))) return name;
  }
  return null;
}
