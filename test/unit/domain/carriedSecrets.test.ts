import { array, assert, asyncProperty, constantFrom, integer, shuffledSubarray, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactLines } from "../../../src/domain/redaction.ts";

/** 76 digits of base 64, as tools wrap them. */
const DIGITS = "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcgSpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlO";

/** By how a secret goes on in the next line, lines as they are printed and what stays of them. */
const CARRIED: Record<string, [printed: string[], stays: string[]]> = {
  "JSON that is written for people": [
    ["{", '  "password":', '    "hunter2",', '  "user":', '    "me"', "}"],
    ["{", '  "password":', "    [redacted],", '  "user":', '    "me"', "}"],
  ],
  "an ARM template's parameters": [
    ['"adminPassword": {', '  "value": "hunter2"', "},", '"size": {', '  "value": "D4s"', "}"],
    ['"adminPassword": [redacted]', '  "value": [redacted]', "},", '"size": {', '  "value": "D4s"', "}"],
  ],
  "a line that a shell goes on with": [
    ["export DB_PASSWORD=\\", "hunter2 OTHER=a", "echo done"],
    ["export DB_PASSWORD=\\", "[redacted] OTHER=a", "echo done"],
  ],
  "several of them, a part of the secret in each": [
    ["export STORAGE_KEY=hun\\", "ter\\", "2 OTHER=a", "echo done"],
    ["export STORAGE_KEY=[redacted]\\", "[redacted]\\", "[redacted] OTHER=a", "echo done"],
  ],
  "an option whose value stands in the next line": [
    ["az login --user me \\", "  --password \\", "  hunter2 \\", "  --tenant t"],
    ["az login --user me \\", "  --password \\", "  [redacted] \\", "  --tenant t"],
  ],
  "an option that another one follows": [
    ["az login --password \\", "  --tenant t"],
    ["az login --password \\", "  --tenant t"],
  ],
  "quotes that end lines later": [
    ['export DB_PASSWORD="hun\\"ter', "  and two", 'three" OTHER=a', "echo 'it is done'"],
    ["export DB_PASSWORD=[redacted]", "[redacted]", '[redacted]" OTHER=a', "echo 'it is done'"],
  ],
  "quotes that begin in the next line and end later": [
    ["export DB_PASSWORD=\\", "'hunter", "2' OTHER=a", "echo done"],
    ["export DB_PASSWORD=\\", "[redacted]", "[redacted]' OTHER=a", "echo done"],
  ],
  "a block of YAML": [
    ["  db:", "    password: |", "      hunter2", "", "      and two", "    user: me"],
    ["  db:", "    password: [redacted]", "[redacted]", "", "[redacted]", "    user: me"],
  ],
  "base 64 that is wrapped": [
    [`    client-key-data: ${DIGITS}`, `    ${DIGITS}`, "    LS0tLQo=", "contexts:"],
    ["    client-key-data: [redacted]", "    [redacted]", "    [redacted]", "contexts:"],
  ],
  "a private key in base 64 that is wrapped": [
    [`LS0tLS1CRUdJTiB${DIGITS}`, DIGITS, DIGITS.slice(0, 20), "echo done"],
    ["[redacted]", "[redacted]", "[redacted]", "echo done"],
  ],
};

const PREFIX = "[7c9cbb56] PACKER OUT ==> azure-arm: ";

async function inChunks(chunks: readonly (string | Uint8Array)[]): Promise<string> {
  async function* source() {
    yield* chunks;
  }
  let text = "";
  for await (const part of redactLines(source())) text += part;
  return text;
}

const lineFed = (text: string) => text.replaceAll("\r", "");

describe.each(Object.entries(CARRIED))("of %s", (_, [printed, stays]) => {
  it.each([
    ["", "\n"],
    ["", "\r\n"],
    [PREFIX, "\n"],
    ["    azure-arm: ", "\r\n"],
  ])("nothing of the secret stays, and all else (after %j, before %j)", (prefix, end) => {
    const text = (lines: readonly string[]) => lines.map((line) => prefix + line + end).join("");
    // With an open quote its line's return goes.
    expect(lineFed(redact(text(printed)))).toBe(lineFed(text(stays)));
    expect(redact(text(stays))).toBe(text(stays));
  });

  it("the same stays wherever its chunks meet", async () => {
    const text = Buffer.from(printed.map((line) => `${line}\n`).join(""));
    const whole = stays.map((line) => `${line}\n`).join("");
    for (let at = 0; at <= text.length; at++) {
      expect(await inChunks([text.subarray(0, at), text.subarray(at)]), `at ${at}`).toBe(whole);
    }
    expect(await inChunks([...text].map((byte) => Uint8Array.of(byte)))).toBe(whole);
  });
});

it("leaves the marks of a private key in quotes, and nothing between them", () => {
  const printed = ['private_key="-----BEGIN PRIVATE KEY-----', DIGITS, '-----END PRIVATE KEY-----" x=1', "echo done"];
  const stays = ["private_key=[redacted]-----BEGIN PRIVATE KEY-----", "[redacted]", printed[2], printed[3]];
  expect(redact(printed.join("\n"))).toBe(stays.join("\n"));
  expect(redact(stays.join("\n"))).toBe(stays.join("\n"));
});

describe("what follows a line that seems to name a secret", () => {
  it.each([
    [["New password:", "Retype it"]],
    [["Setting the password ... \\", "done"]],
    [['"tokens": {', '  "value": "a"', "}"]],
    [["description: |", "  of the password", "name: a"]],
    [['{"path":', '  "/opt/tools"}']],
    [["sha256", "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcgSpIdNs6c5H0NE8XYXysP", "done"]],
    [[`checksum ${DIGITS}`, DIGITS, "done"]],
  ])("stays as it is: %j", (lines) => {
    expect(redact(lines.join("\n"))).toBe(lines.join("\n"));
  });

  it("shows the log again where a quote is never closed", () => {
    const lines = Array.from({ length: 1000 }, (_, n) => `line ${n}\n`);
    const text = redact(`PASSWORD="hunter2\n${lines.join("")}`);
    expect(text).not.toContain("line 20\n");
    expect(text).toContain("line 999\n");
  });
});

it("is the same in whatever chunks such lines come, among others", async () => {
  const forms = Object.values(CARRIED).map(([printed]) => `${printed.join("\n")}\n`);
  const texts = tuple(shuffledSubarray(forms), array(constantFrom("a line\n", "token=hunter2\n", '"\n'))).map(
    ([some, others]) => some.flatMap((form, index) => [form, others[index] ?? ""]).join(""),
  );
  const sizes = array(integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 });
  await assert(
    asyncProperty(texts, sizes, async (text, chunks) => {
      const bytes = Buffer.from(text);
      const parts: Buffer[] = [];
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = chunks[n % chunks.length] ?? 1;
        parts.push(bytes.subarray(at, at + size));
        at += size;
      }
      const whole = redact(text);
      expect(await inChunks(parts)).toBe(whole);
      expect(whole).not.toContain("hunter2");
      expect(redact(whole)).toBe(whole);
    }),
    { numRuns: 300 },
  );
});
