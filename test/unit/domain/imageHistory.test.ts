import { describe, expect, it } from "vitest";
import { ImageHistory } from "../../../src/domain/imageHistory.ts";

describe("ImageHistory", () => {
  it("keeps what can be read of a history where a part of it cannot", () => {
    expect(ImageHistory.parse({ runSeconds: ["60"] })).toEqual({ runSeconds: [] });
    expect(ImageHistory.parse({ runSeconds: [60], of: "another time" })).toEqual({ runSeconds: [60] });
  });

  it.each([[undefined], [null], ["x"], [[]], [{}]])("knows nothing where the document is %j", (document) => {
    expect(ImageHistory.parse(document)).toEqual({ runSeconds: [] });
  });
});
