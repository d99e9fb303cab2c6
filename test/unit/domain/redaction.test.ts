import { describe, expect, it } from "vitest";
import { LONGEST_PIECE } from "../../../src/domain/longLines.ts";
import { redact, redactLines } from "../../../src/domain/redaction.ts";

const KEY = [
  "-----BEGIN RSA PRIVATE KEY-----",
  "MIIEpAIBAAKCAQEA",
  "c2VjcmV0IHNlY3JldA==",
  "-----END RSA PRIVATE KEY-----",
];

describe("redact", () => {
  it.each([
    ["curl https://a.blob.core.windows.net/c/f?sv=1&sig=abc%2Bdef%3D&se=2", "abc%2Bdef"],
    ["AccountName=a;AccountKey=Zm9vYmFy==;EndpointSuffix=x", "Zm9vYmFy"],
    ["Authorization: Bearer eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl", "c2lnbmF0dXJl"],
    ["token eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4", "SflKxwRJSMeKKF2QT4"],
    ["export DB_PASSWORD=hunter2", "hunter2"],
    ['{"client_secret": "hunter2"}', "hunter2"],
    ["git clone https://me:hunter2@example.com/repo", "hunter2"],
    ["GH_TOKEN ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abcdefghij"],
    ["token: hunter2", "hunter2"],
    ["  GITHUB_TOKEN=hunter2", "hunter2"],
    ["{'password' => 'hunter2'}", "hunter2"],
    ["LIBRARY_PASSWORD=hunter2", "hunter2"],
    ["password:all-hunter2", "hunter2"],
    ['curl --data "{\\"password\\": \\"hunter2\\"}" x', "hunter2"],
    ["az login --service-principal -u app -p hunter2 --tenant t", "hunter2"],
    ["az login --service-principal --username app --password hunter2 --tenant t", "hunter2"],
    ["az vm create --admin-password 'hunter2'", "hunter2"],
    ["az storage blob list --account-key hunter2", "hunter2"],
    ["docker login -u me -p hunter2 example.azurecr.io", "hunter2"],
    ["curl -u me:hunter2 https://example.com", "hunter2"],
    ["curl -fsSLu me:hunter2 https://example.com", "hunter2"],
    ["curl 'https://example.com/?a=1&b=2' --user 'me:hunter2'", "hunter2"],
    ["curl --proxy-user=me:hunter2 https://example.com", "hunter2"],
    [KEY.join("\n"), "MIIEpAIBAAKCAQEA"],
    [KEY.join("\\n"), "MIIEpAIBAAKCAQEA"],
    [`key: "${KEY.join("\r\n==> azure-arm: ")}"`, "c2VjcmV0IHNlY3JldA"],
  ])("takes the secret out of: %s", (line, secret) => {
    expect(redact(line)).toContain("[redacted]");
    expect(redact(line)).not.toContain(secret);
  });

  it.each([
    ['PGPASSWORD="a b c" psql --host db', "PGPASSWORD=[redacted] psql --host db"],
    ["PGPASSWORD='a b c' psql", "PGPASSWORD=[redacted] psql"],
    ["PGPASSWORD=a\\ b psql", "PGPASSWORD=[redacted] psql"],
    ['password: "a \\" b" # quoted', "password: [redacted] # quoted"],
    ['PGPASSWORD="a b c', "PGPASSWORD=[redacted]"],
    ['{\\"secret\\": \\"a b\\", \\"n\\": 1}', '{\\"secret\\": [redacted], \\"n\\": 1}'],
    ["az login -p 'a b' --tenant t", "az login -p [redacted] --tenant t"],
    ['curl -u "me:a b" https://example.com', "curl -u [redacted] https://example.com"],
    ["New password:\nRetype it", "New password:\nRetype it"],
  ])("takes the whole of a value, and no more: %s", (line, redacted) => {
    expect(redact(line)).toBe(redacted);
  });

  it.each([
    "==> azure-arm: kubectl version --client",
    "Setting up password-store (1.7.4) ...",
    "key=value",
    "Setting up libsecret-1-0:amd64 (0.21.4-1build3) ...",
    "Selecting previously unselected package gir1.2-secret-1:amd64.",
    "apt-get install libsecret-1-0=0.21.4-1build3",
    "Unpacking passwd (1:4.13+dfsg1-4ubuntu3.2) over (1:4.13+dfsg1-4ubuntu3) ...",
    "mkdir -p /opt/tools && docker run -p 80:80 image",
    "curl https://example.com/list | sort -u names.txt",
    "docker login --username me --password-stdin example.azurecr.io",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuT\n-----END CERTIFICATE-----",
    "15 tokens read",
  ])("leaves as it is: %s", (line) => {
    expect(redact(line)).toBe(line);
  });

  // What is not linear takes very long here, and runs into the test's time-out. The line is cut into pieces of the
  // longest kind; more of these would tell no more.
  it.each(
    [
      "secret-,a-,eyJ-,eyJaaaaaaaa.,login ,curl -u ,--x-,token\\,://a:,password\t,://,mysql ,echo a:,net user ,x,😀,pwd=",
      '-----BEGIN ,-----END A PRIVATE KEY-----,<a:,password=a;,Basic a,A.B,aB3/,token=",KEY=/a,\\",token{"value",PUB_KEY=',
      'password=(,$(,"$(,password="$(,(a(b)c,`,token=`,"auth":,sk-,sk-A,LS0tLS1CRUdJTi,"x"|,chpasswd <<<',
    ].flatMap((pieces) => pieces.split(",")),
  )("takes a line of nothing but %j in its stride", (piece) => {
    const line = piece.repeat((2 * LONGEST_PIECE) / piece.length);
    // Closed, so that no quote goes on in the next line.
    expect(redact(`${line}"\nthe next line`)).toMatch(/\nthe next line$/);
  });
});

async function redacted(chunks: Iterable<string | Uint8Array>): Promise<string> {
  async function* source() {
    yield* chunks;
  }
  let text = "";
  for await (const part of redactLines(source())) text += part;
  return text;
}

describe("redactLines", () => {
  it("misses no secret where two chunks meet", async () => {
    const chunks = ["one\nDB_PASS", "WORD=hun", "ter2\nthree "].map((text) => Buffer.from(text));
    expect(await redacted([...chunks, Buffer.from([0xc3]), Buffer.from([0xa4])])).toBe(
      "one\nDB_PASSWORD=[redacted]\nthree ä",
    );
  });

  it("misses no secret at the end of a large chunk", async () => {
    const lines = "a line\n".repeat(50_000);
    expect(await redacted([`${lines}DB_PASSWORD=hun`, "ter2\n"])).toBe(`${lines}DB_PASSWORD=[redacted]\n`);
  });

  it("misses no secret that a tool of Windows writes in UTF-16", async () => {
    const utf16 = Buffer.from("DB_PASSWORD=hunter2\r\ntwo\r\n", "utf16le");
    expect(await redacted(["one\n", utf16.subarray(0, 9), utf16.subarray(9), "three"])).toBe(
      "one\nDB_PASSWORD=[redacted]\r\ntwo\r\nthree",
    );
  });

  it("takes out a private key whose lines come one by one", async () => {
    const lines = ["before", ...KEY, "after"].map((line) => `${line}\n`);
    expect(await redacted(lines)).toBe(`before\n${KEY[0]}\n[redacted]\n[redacted]\n${KEY[3]}\nafter\n`);
  });

  it("shows the log again where a key never ends", async () => {
    const lines = Array.from({ length: 1000 }, (_, n) => `line ${n}\n`);
    const text = await redacted([`${KEY[0]}\n`, ...lines]);
    expect(text).not.toContain("line 200\n");
    expect(text).toContain("line 999\n");
  });

  it.each(Array.from({ length: 24 }, (_, n) => n))("misses no secret where a long line is cut: %i", async (shift) => {
    const before = "a word ".repeat(2 ** 18 / 7) + "-".repeat(shift);
    const after = " another".repeat(40_000);
    const line = (secret: string) => `${before} password=${secret} docker login -p ${secret}${after}\n`;
    expect(await redacted([line('"hunter2 two"')])).toBe(line("[redacted]"));
  });

  it("misses no private key where a long line is cut", async () => {
    for (let shift = 0; shift < KEY.join("\\n").length; shift += 7) {
      const before = "x".repeat(2 ** 18 - shift);
      const text = await redacted([`${before}${KEY.join("\\n")}${"y".repeat(2 ** 17)}`]);
      expect(text.replaceAll(/(?:\[redacted\])+/g, "…")).toBe(`${before}${KEY[0]}…${KEY[3]}${"y".repeat(2 ** 17)}`);
    }
  });

  it("keeps the two halves of a character together where a long line is cut", async () => {
    for (const before of ["", "x"]) {
      const line = before + "😀".repeat(2 ** 19);
      expect(Buffer.from(await redacted([line])).toString()).toBe(line);
    }
  });

  it("drops the rest of a line whose secret is longer than what it sees of it", async () => {
    const text = await redacted([`before password=${"x".repeat(2 ** 20)} hunter2\nafter password=hunter2\n`]);
    expect(text).toBe("before password=[redacted]\nafter password=[redacted]\n");
  });
});
