import { describe, expect, it } from "vitest";
import { plainSecretsIn } from "../../../../src/domain/recipes/plainSecrets.ts";

const base64 = (text: string, encoding: BufferEncoding = "utf8") => Buffer.from(text, encoding).toString("base64");
const wrapped = (text: string) => base64(text).replace(/.{76}/g, "$&\n");

describe("a secret in plain text", () => {
  it.each<[string, unknown, PropertyKey[]]>([
    ["in a text", { inline: ["az version", "az login --password geheim-1234"] }, ["inline", 1]],
    ["by the name of its field", { tags: { team: "a", password: "geheim-1234" } }, ["tags", "password"]],
    ["in base 64", [`echo ${base64('{"apiToken":"geheim-1234"}')} | base64 -d`], [0]],
    ["in base 64 of several lines", [wrapped(`# ${"x".repeat(70)}\npassword=geheim-1234\n`)], [0]],
    ["in base 64 of UTF-16, as PowerShell takes commands", [base64("$password='geheim-1234'", "utf16le")], [0]],
    ["in base 64 of Latin-1", [base64("# für alle\npassword=geheim-1234\n", "latin1")], [0]],
  ])("is found %s", (_, value, path) => {
    expect(plainSecretsIn(value)).toMatchObject([{ path }]);
  });

  it.each<[string, unknown]>([
    ["what is read elsewhere", ["password=$(cat /run/secrets/password)", "token: ${{ secrets.TOKEN }}"]],
    ["a field that only tells of one", { tags: { passwordPolicy: "strict" } }],
    ["base 64 of what is no text", [Buffer.from("\u0001\u0002password=geheim-1234", "latin1").toString("base64")]],
    ["a long word", ["A".repeat(10_000)]],
  ])("is not %s", (_, value) => {
    expect(plainSecretsIn(value)).toEqual([]);
  });

  it("is none where it is told to be none, in base 64 as well", () => {
    const told = ["password=changeme"];
    expect(plainSecretsIn(["set password=changeme; true"])).toHaveLength(1);
    expect(plainSecretsIn(["set password=changeme; true", base64("x\npassword=changeme\n")], told)).toEqual([]);
  });

  it("is found where it only begins or ends like one that is told to be none, or stands beside it", () => {
    const told = ["password=changeme"];
    for (const text of ["password=changeme123", "password=notchangeme", "password=changeme\ntoken=geheim-1234"]) {
      expect(plainSecretsIn([text], told), text).toHaveLength(1);
    }
  });
});
