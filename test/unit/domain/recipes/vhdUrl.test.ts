import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { SOURCE_VHD, TARGET_VHD } from "../../../../src/domain/recipes/vhdUrl.ts";

const START = "https://account1.blob.core.windows.net/";
const PIECES = ["vhds", "a", "/", "\\", ".", "..", "%2F", "%5c", "%2E", "%", "@", ":", ";", " ", "\t", "é", "-", "_"];

describe("the URL of a VHD", () => {
  it.each([
    ["a source", SOURCE_VHD],
    ["a target", TARGET_VHD],
  ])("of %s is the same for all who read it, whatever is tried", (_, form) => {
    const tried = array(constantFrom(...PIECES), { maxLength: 6 }).map((all) => `${START}vhds/${all.join("")}.vhd`);
    assert(
      property(tried, (text) => {
        if (!form.test(text)) return;
        const { href, pathname } = new URL(text);
        expect(href).toBe(text);
        expect(pathname.split("/")[1]).toBe("vhds");
        expect(decodeURIComponent(pathname)).toBe(pathname);
      }),
    );
  });

  it("is taken in a container whose name is as long as Azure has it, and no longer", () => {
    const urls = [2, 3, 63, 64].map((length) => `${START}${"c".repeat(length)}/a.vhd`);
    expect(urls.map((url) => TARGET_VHD.test(url))).toEqual([false, true, true, false]);
  });

  it("leads into folders where it is a target, and into none where it is a source", () => {
    const url = `${START}vhds/2026/a.vhd`;
    expect([TARGET_VHD.test(url), SOURCE_VHD.test(url)]).toEqual([true, false]);
  });
});
