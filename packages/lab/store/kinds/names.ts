import type { Faults } from "../faults.ts";

/** A syntax of Kubernetes and the sentence with which it is refused. */
export interface Syntax {
  readonly pattern: RegExp;
  readonly maxLength: number;
  readonly sentence: string;
}

function syntax(regex: string, maxLength: number, sentence: string): Syntax {
  return { pattern: new RegExp(`^(?:${regex})$`), maxLength, sentence: `${sentence} is '${regex}')` };
}

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/** RFC 1123 label: namespaces, containers, volumes. */
export const dnsLabel = syntax(
  label,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
    "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation",
);

/** RFC 1123 subdomain: the names of most objects. */
export const dnsSubdomain = syntax(
  `${label}(\\.${label})*`,
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation",
);

/** RFC 1035 label: services. */
export const serviceName = syntax(
  "[a-z]([-a-z0-9]*[a-z0-9])?",
  63,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, " +
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation",
);

/** Values of labels. */
export const labelValue = syntax(
  "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
  63,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation",
);

const qualifiedPart = syntax(
  "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]",
  63,
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation",
);

/** Keys of ConfigMaps and Secrets. */
export const configKey = syntax(
  "[-._a-zA-Z0-9]+",
  253,
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
    "'key-name', regex used for validation",
);

export function checkSyntax(field: string, value: unknown, rule: Syntax, faults: Faults): void {
  const text = String(value);
  if (Buffer.byteLength(text) > rule.maxLength) {
    faults.invalid(field, value, `must be no more than ${rule.maxLength} bytes`);
  } else if (!rule.pattern.test(text)) faults.invalid(field, value, rule.sentence);
}

/** Keys of labels, annotations, taints: an optional DNS prefix and a name. */
export function checkQualifiedName(field: string, key: string, faults: Faults): void {
  const parts = key.split("/");
  if (parts.length > 2) {
    faults.invalid(
      field,
      key,
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
        "alphanumeric character, with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    );
    return;
  }
  const [name = "", prefix] = parts.reverse();
  if (prefix === "") faults.invalid(field, key, "prefix part must be non-empty");
  else if (prefix !== undefined) checkPart(field, key, [prefix, dnsSubdomain, "prefix part "], faults);
  if (name === "") faults.invalid(field, key, "name part must be non-empty");
  else checkPart(field, key, [name, qualifiedPart, ""], faults);
}

function checkPart(field: string, key: string, part: readonly [string, Syntax, string], faults: Faults): void {
  const [text, rule, what] = part;
  if (text.length > rule.maxLength) {
    faults.invalid(field, key, `${what || "name part "}must be no more than ${rule.maxLength} bytes`);
  } else if (!rule.pattern.test(text)) faults.invalid(field, key, `${what}${rule.sentence}`);
}
