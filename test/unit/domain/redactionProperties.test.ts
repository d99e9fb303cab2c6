import { array, assert, asyncProperty, constantFrom, integer, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactLines } from "../../../src/domain/redaction.ts";

/** What secrets are told by, and what stands round them. */
const PARTS = [
  " , ,\n,\r\n,a,ä,😀,hunter2,x1+/==,[redacted],://,-----,==,:=,\t,\r",
  String.raw`=,:,;,&,?,@,/,\,",',{,},<,>,-,password,Pwd=,token,secret,DB_KEY,AccountKey=,api-key,amd64,A.B.C,eyJhbGciOi`,
  "Authorization:,Basic,Bearer,curl,-u,--user,login,-p,sshpass,mysql,echo,|,chpasswd,--token,?code=,&sig=,<value>",
  "(,),$(,`,ConvertTo-SecureString,-AsPlainText,\0,<<<,\\u0026,_auth=,sk-A1",
  "'password':,\\\n,|\n,{\n,  ",
  '{"value":,-----BEGIN RSA PRIVATE KEY-----,-----END RSA PRIVATE KEY-----',
].flatMap((parts) => parts.split(","));

const textsOf = (parts: readonly string[]) =>
  array(constantFrom(...parts), { maxLength: 60 }).map((chosen) => chosen.join(""));
const texts = textsOf(PARTS);

/** Chunks of bytes, which may part a character. */
const chunked = (sizes: readonly number[]) =>
  async function* (text: string) {
    const bytes = Buffer.from(text);
    for (let at = 0, n = 0; at < bytes.length; n++) {
      const size = sizes[n % sizes.length] ?? 1;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  };

async function gathered(source: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of source) text += part;
  return text;
}

describe("redaction, whatever the text", () => {
  it("leaves what it has redacted as it is", () => {
    assert(
      property(texts, (text) => {
        expect(redact(redact(text))).toBe(redact(text));
      }),
      { numRuns: 5000 },
    );
  });

  it("makes a text longer by no more than a mark for each character taken out", () => {
    assert(
      property(texts, (text) => {
        expect(redact(text).length).toBeLessThanOrEqual(text.length * "[redacted]".length);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives the same line by line", () => {
    // But for what goes on in the next line.
    const lines = textsOf(PARTS.filter((part) => !/PRIVATE KEY|["'\\|>{]/.test(part)));
    assert(
      property(lines, (text) => {
        const byLine = text.split(/(?<=\n)/).map(redact);
        expect(redact(text)).toBe(byLine.join(""));
      }),
      { numRuns: 2000 },
    );
  });

  it("gives the same in whatever chunks the text comes", async () => {
    const sizes = array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });
    await assert(
      asyncProperty(texts, sizes, async (text, chunks) => {
        expect(await gathered(redactLines(chunked(chunks)(text)))).toBe(redact(text));
      }),
      { numRuns: 1000 },
    );
  });

  it("takes a secret that is longer than a piece out to the end of its line, in whatever chunks it comes", async () => {
    const text = `token=${"x".repeat(1_500_000)} end\nnext\n`;
    for (const size of [100_000, 330_000, 370_407]) {
      expect(await gathered(redactLines(chunked([size])(text)))).toBe("token=[redacted]\nnext\n");
    }
  });

  it("gives the same for lines that are cut into pieces", async () => {
    const long = tuple(texts, texts, integer({ min: 250_000, max: 900_000 }));
    const sizes = array(integer({ min: 5_000, max: 400_000 }), { minLength: 1, maxLength: 5 });
    await assert(
      asyncProperty(long, sizes, async ([first, second, length], chunks) => {
        const text = `${first} x${second}`.repeat(length / (first.length + second.length + 2));
        expect(await gathered(redactLines(chunked(chunks)(text)))).toBe(redact(text));
      }),
      { numRuns: 8 },
    );
    // Megabytes of hostile text: half a minute where others run beside it.
  }, 90_000);
});
