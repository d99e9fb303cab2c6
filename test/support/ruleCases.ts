import { expect, it } from "vitest";
import { checkGround } from "../../src/domain/preflight/checkGround.ts";
import type { Ground } from "../../src/domain/preflight/ground.ts";
import type { Rule } from "../../src/domain/preflight/rule.ts";
import { MENDED_BY_HAND } from "./mendedByHand.ts";
import { shellWords } from "./shellWords.ts";

/** A case of a rule: what is the case, on which ground, and the codes of what the rule finds there. */
export type Case = [what: string, ground: Ground, ...codes: string[]];

/** Holds a rule against grounds on which it passes, fails, and cannot tell; each code of the rule has to be among them. */
export function ruleCases(rule: Rule, cases: readonly Case[]): void {
  it.each(cases)("%s", (_, ground, ...codes) => {
    const findings = checkGround(ground).filter(({ code }) => code in rule.findings);
    expect(findings.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
    for (const { code, owner, seen, mend, command = "az", bicep } of findings) {
      expect([seen, mend]).not.toContain("");
      const isReady = command !== "az" && bicep !== undefined;
      if (owner === "network") expect([code, isReady]).toEqual([code, !(code in MENDED_BY_HAND)]);
      expect(shellWords(command)[0]).toBe("az");
    }
  });

  it("has a case of each thing that it can find", () => {
    expect([...new Set(cases.flatMap(([, , ...codes]) => codes))].toSorted()).toEqual(
      Object.keys(rule.findings).toSorted(),
    );
  });
}
