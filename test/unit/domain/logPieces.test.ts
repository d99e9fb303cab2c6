import * as fc from "fast-check";
import { expect, it } from "vitest";
import { bytesAround, PIECE_BYTES, pieceIn, piecesOf } from "../../../src/domain/logPieces.ts";

function piecesIn(log: string): string[] {
  const bytes = Buffer.from(log);
  return Array.from({ length: piecesOf(bytes.length) }, (_, number) => {
    const { from, to } = bytesAround(number, bytes.length);
    return pieceIn(bytes.subarray(from, to), number, bytes.length);
  });
}

it("pieces of a log are the log, whatever lines and characters are cut between them", () => {
  // Lines of up to two pieces, of characters of one to four bytes.
  const line = fc.tuple(fc.constantFrom("a", "é", "→", "😀"), fc.integer({ min: 0, max: 2 * PIECE_BYTES }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.boolean(), (lines, isOpen) => {
      const log = lines.map(([character, length]) => character.repeat(length / character.length)).join("\n");
      const text = isOpen ? log : `${log}\n`;
      expect(piecesIn(text).join("") === text).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it("pieces of a log of usual lines begin and end with a line", () => {
  const log = Array.from({ length: 20_000 }, (_, at) => `line ${at}: ${"x".repeat(at % 90)}\n`).join("");
  const pieces = piecesIn(log);
  expect(pieces.length).toBeGreaterThan(10);
  for (const piece of pieces) expect(piece).toMatch(/^line [^]*\n$/);
});

it("an empty log has none", () => {
  expect(piecesIn("")).toEqual([]);
});
