import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

export interface ServerCertificate {
  /** PEM, with the authority's below it. */
  cert: string;
  /** PEM */
  key: string;
  /** The authority's certificate, PEM: what a client must trust. */
  ca: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** TLS goes by real time, whatever the cloud's clock says. */
const VALID = { notBefore: new Date("2020-01-01T00:00:00Z"), notAfter: new Date("2049-12-31T00:00:00Z") };

/** One authority a state folder, so that what trusts it goes on trusting after a restart. */
export async function serverCertificate(stateFolder?: string): Promise<ServerCertificate> {
  const file = (name: string) => join(stateFolder ?? "", name);
  const files = { ca: file("ca.pem"), cert: file("server.pem"), key: file("server-key.pem") };
  if (stateFolder && Object.values(files).every((path) => existsSync(path))) {
    return {
      ca: readFileSync(files.ca, "utf8"),
      cert: readFileSync(files.cert, "utf8"),
      key: readFileSync(files.key, "utf8"),
    };
  }
  const made = await makeCertificate();
  if (stateFolder) {
    writeFileSync(files.key, made.key, { mode: 0o600 });
    writeFileSync(files.cert, made.cert);
    writeFileSync(files.ca, made.ca);
  }
  return made;
}

async function makeCertificate(): Promise<ServerCertificate> {
  const authorityKeys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=Goldsmith local Azure",
    ...VALID,
    signingAlgorithm: ALGORITHM,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "02",
    subject: "CN=localhost",
    issuer: authority.subject,
    ...VALID,
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const key = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  const ca = `${authority.toString("pem")}\n`;
  return {
    ca,
    cert: `${certificate.toString("pem")}\n${ca}`,
    key: `-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`,
  };
}
