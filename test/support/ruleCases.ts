import { expect, it } from "vitest";
import type { Finding } from "../../src/domain/failure.ts";
import { checkGround } from "../../src/domain/preflight/checkGround.ts";
import type { Ground } from "../../src/domain/preflight/ground.ts";
import type { Rule } from "../../src/domain/preflight/rule.ts";
import { parseBicep } from "./bicepSnippet.ts";
import { shellWords } from "./shellWords.ts";

/** A case of a rule: what is the case, on which ground, and the codes of what the rule finds there. */
export type Case = [what: string, ground: Ground, ...codes: string[]];

/**
 * Holds a rule against grounds on which it passes, fails, and cannot tell; each code of the rule has to be among them. A
 * mend is words, a command and Bicep, unless the rule says why there is none.
 */
export function ruleCases(rule: Rule, cases: readonly Case[]): void {
  const found = (ground: Ground) => checkGround(ground).filter(({ code }) => code in rule.findings);

  it.each(cases)("%s", (_, ground, ...codes) => {
    const findings = found(ground);
    expect(findings.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
    for (const { code, seen, mend, command, bicep } of findings) {
      expect([seen, mend]).not.toContain("");
      const { noCommand, noBicep } = rule.findings[code] ?? {};
      expect({ code, isCommandTold: Boolean(command ?? noCommand), isBicepTold: Boolean(bicep ?? noBicep) }).toEqual({
        code,
        isCommandTold: true,
        isBicepTold: true,
      });
      if (command) expectCommand(command);
      if (bicep) expect(parseBicep(bicep)).not.toEqual([]);
    }
  });

  it("has a case of each thing that it can find, and of each reason for which something is not ready to be run", () => {
    const all = cases.flatMap(([, ground]) => found(ground));
    const kinds = Object.entries(rule.findings);
    expect(codesOf(all)).toEqual(kinds.map(([code]) => code).toSorted());
    const withoutCommand = kinds.flatMap(([code, { noCommand }]) => (noCommand ? [code] : []));
    const withoutBicep = kinds.flatMap(([code, { noBicep }]) => (noBicep ? [code] : []));
    expect(codesOf(all.filter(({ command }) => !command))).toEqual(withoutCommand.toSorted());
    expect(codesOf(all.filter(({ bicep }) => !bicep))).toEqual(withoutBicep.toSorted());
  });
}

const codesOf = (findings: readonly Finding[]) => [...new Set(findings.map(({ code }) => code))].toSorted();

/** A shell takes it as words, and it names its subscription; members of groups are of no subscription. */
function expectCommand(command: string): void {
  const [az, ...words] = shellWords(command);
  expect(az).toBe("az");
  if (words[0] !== "ad") expect(command).toMatch(/--subscription [0-9a-f-]{36}|\/subscriptions\/[0-9a-f-]{36}\//);
}
