import { describe, expect, it } from "vitest";
import { withListed, withNewest } from "../../../../src/domain/follow/sourceRecord.ts";

const [first, second, third] = ["2027-01-01T00:00:00.000Z", "2027-01-02T00:00:00.000Z", "2027-01-03T00:00:00.000Z"];

describe("the versions of a source", () => {
  it("keep the time at which each was seen first, by the order of their numbers", () => {
    const { versions } = withListed([], ["1.10.0", "1.9.0"], first);
    expect(withListed(versions, ["1.9.0", "1.11.0", "1.10.0"], second)).toEqual({
      versions: [
        { version: "1.9.0", at: first },
        { version: "1.10.0", at: first },
        { version: "1.11.0", at: second },
      ],
      pulled: [],
    });
  });

  it("are told where they have been pulled, and are new when they come again", () => {
    const { versions } = withListed([], ["1.0.0", "1.1.0"], first);
    const after = withListed(versions, ["1.0.0"], second);
    expect(after.pulled).toEqual(["1.1.0"]);
    expect(withListed(after.versions, ["1.0.0", "1.1.0"], third).versions.at(-1)).toEqual({
      version: "1.1.0",
      at: third,
    });
  });

  it("of which only the newest is known are pulled where their numbers are higher", () => {
    const { versions } = withListed([], ["1.9.0", "1.10.0"], first);
    expect(withNewest(versions, "1.10.0", second)).toEqual(versions);
    expect(withNewest(versions, "1.9.0", second)).toEqual([{ version: "1.9.0", at: first }]);
    expect(withNewest([], "1.0.0", third)).toEqual([{ version: "1.0.0", at: third }]);
  });

  it("are remembered as far as they can still be the newest", () => {
    const many = Array.from({ length: 300 }, (_, number) => `1.${number}.0`);
    const { versions } = withListed([], many, first);
    expect(versions.length).toBeLessThan(50);
    expect(versions.at(-1)?.version).toBe("1.299.0");
    expect(withListed(versions, many, second).pulled).toEqual([]);
  });
});
