import { expect, test } from "vitest";
import { linkTrouble } from "../../../src/kube/client/link-trouble.ts";

const fault = (code: string, message = code) => Object.assign(new Error(message), { code });
const openSsl = (reason: string) =>
  `40AD:error:0A00010B:SSL routines:some_function:${reason}:../deps/openssl/x.c:77:\n`;

test.each([
  ["CERT_HAS_EXPIRED", /not valid at this time/, /clock/],
  ["CERT_NOT_YET_VALID", /not valid at this time/, /clock/],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", /not signed by the authority/, /certificate-authority-data/],
  ["SELF_SIGNED_CERT_IN_CHAIN", /not signed by the authority/, /certificate-authority-data/],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /not signed by the authority/, /certificate-authority-data/],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /not signed by the authority/, /certificate-authority-data/],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", /our client certificate/, /log in again/],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", /our client certificate/, /log in again/],
  ["ERR_SSL_WRONG_VERSION_NUMBER", /does not speak TLS/, /http instead of https/],
])("%s is told in our own words", (code, why, remedy) => {
  const found = linkTrouble(fault(code));
  expect(found?.why).toMatch(why);
  expect(found?.remedy).toMatch(remedy);
});

test.each([
  ["bad certificate", 42, "our client certificate"],
  ["unknown CA", 48, "our client certificate"],
  ["certificate required", 116, "our client certificate"],
  ["handshake failure", 40, "the TLS handshake failed"],
  ["protocol version", 70, "the TLS handshake failed"],
])("an alert in the handshake (%s) says whether it is about our certificate", (reason, number, why) => {
  const said = `write EPROTO ${openSsl(`ssl/tls alert ${reason}`)}:SSL alert number ${number}\n`;
  expect(linkTrouble(fault("EPROTO", said))?.why).toContain(why);
});

test("OpenSSL's source files are left out of what is shown", () => {
  expect(linkTrouble(fault("EPROTO", openSsl("wrong version number")))?.why).toBe("it does not speak TLS");
  expect(linkTrouble(fault("EPROTO", openSsl("no shared cipher")))?.why).toBe(
    "the TLS handshake failed (no shared cipher)",
  );
});

test("what is no matter of TLS stays as the system says it", () => {
  expect(linkTrouble(fault("ECONNREFUSED"))).toBeNull();
});
