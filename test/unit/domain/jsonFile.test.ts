import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { encodingOf, readJsonFile } from "../../../src/domain/jsonFile.ts";

describe("JSON as ARM's tools take it", () => {
  test("may have comments, commas behind the last element, a byte order mark and strings of several lines, each noted", () => {
    const text =
      '\uFEFF{\n  // a comment\n  "script": "one\r\ntwo\nthree", /* another */\n  "url": "https://x.example/*not a comment*/",\n}';
    expect(readJsonFile(text)).toMatchObject({
      kind: "json",
      value: { script: "one\ntwo\nthree", url: "https://x.example/*not a comment*/" },
      notes: [
        expect.stringContaining("comments"),
        expect.stringContaining("commas"),
        expect.stringContaining("several lines"),
      ],
    });
  });

  test("tells where a path stands, or the nearest thing above it", () => {
    const file = readJsonFile('{\n  "a": [\n    1,\n    {"b": "x"}\n  ]\n}');
    if (file.kind !== "json") throw new Error("is no JSON");
    expect(file.placeOf(["a", 1, "b"])).toEqual({ line: 4, column: 11 });
    expect(file.placeOf(["a", 1, "c", 7])).toEqual({ line: 4, column: 5 });
    expect(file.placeOf([])).toEqual({ line: 1, column: 1 });
  });

  test.each([
    ['{"a": 1,\n "a": 2}', "the name a stands twice in one object, with two values: leave one", 2, 2],
    ['{"a": {}, "a": {}}', "the name a stands twice", 1, 11],
    ['{"a": "x", "a": ""}', "the name a stands twice", 1, 12],
    ['{"__proto__": {"x": 1}}', "the name __proto__ is not allowed", 1, 2],
    ['{"timeout": <minutes>}', "<minutes> looks like a placeholder", 1, 13],
    ['{"a": }', "is no JSON", 1, 7],
    ['{"a": "b', "is no JSON", 1, 7],
    ["", "is empty", 1, 1],
    ["// nothing", "is no JSON", 1, 11],
    ["[".repeat(50_000), "nested deeper than 100 levels", 1, 101],
    [`{"a": 1e999}`, "is a number too large", 1, 7],
    [`"${"x".repeat(4 * 1024 * 1024)}"`, "larger than", 1, 1],
  ])("refuses %.30s", (text, message, line, column) => {
    expect(readJsonFile(text)).toMatchObject({
      kind: "faulty",
      faults: expect.arrayContaining([{ message: expect.stringContaining(message), place: { line, column } }]),
    });
  });

  test.each(['""', "null", '"x"'])(
    'takes the last of two of one name where the first is %s, and the last is "x"',
    (first) => {
      const file = readJsonFile(`{"b": 1,\n "a": ${first},\n "a": "x"}`);
      expect(file).toMatchObject({
        kind: "json",
        value: { a: "x", b: 1 },
        notes: [expect.stringContaining("has a twice in one object")],
      });
      expect(file.kind === "json" && file.placeOf(["a"])).toEqual({ line: 3, column: 7 });
    },
  );

  test.each(["utf-16le", "utf-16be"] as const)("is read in %s by its byte order mark", (encoding) => {
    const swapped = Buffer.from('\uFEFF{"a": "ü"}', "utf16le");
    const bytes = encoding === "utf-16be" ? swapped.swap16() : swapped;
    expect(encodingOf(bytes)).toBe(encoding);
    expect(readJsonFile(new TextDecoder(encodingOf(bytes)).decode(bytes))).toMatchObject({ value: { a: "ü" } });
  });

  test("a long file of open quotes and comments is read in time that grows with its length", () => {
    for (const piece of ['"', "/*", "\\", '"\n', "/* \n"]) {
      const text = piece.repeat(1_000_000 / piece.length) + "\n";
      expect(readJsonFile(text).kind).toBe("faulty");
    }
  });

  test("what JSON.parse takes reads the same", () => {
    assert(
      property(string(), string(), (name, value) => {
        const text = JSON.stringify({ [name]: [value, { nested: value }] });
        const read = readJsonFile(text);
        if (name === "__proto__") expect(read.kind).toBe("faulty");
        else expect(read).toMatchObject({ kind: "json", value: JSON.parse(text), notes: [] });
      }),
    );
  });
});
