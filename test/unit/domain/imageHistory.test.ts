import { describe, expect, it } from "vitest";
import { ImageHistory } from "../../../src/domain/imageHistory.ts";

describe("ImageHistory", () => {
  it("keeps what can be read of a history where a part of it cannot", () => {
    const since = "2027-01-15T01:00:00Z";
    expect(ImageHistory.parse({ runSeconds: ["60"], scheduleDecidedUntil: since })).toEqual({
      runSeconds: [],
      scheduleDecidedUntil: since,
    });
    expect(ImageHistory.parse({ runSeconds: [60], scheduleDecidedUntil: "never" })).toEqual({ runSeconds: [60] });
  });

  it.each([[undefined], [null], ["x"], [[]], [{}]])("knows nothing where the document is %j", (document) => {
    expect(ImageHistory.parse(document)).toEqual({ runSeconds: [] });
  });
});
