import { CATALOGUE } from "./catalogue.ts";
import { EVERY_TOPOLOGY, type Rule } from "./rule.ts";

const INTRODUCTION = `<!-- Generated from src/domain/preflight by \`npm run docs\`. Change the rules, not this page. -->

# What is checked before a build

Before anything is made or granted, a build is held against these rules. They read and change nothing. Each finding has a
code, a severity, the resource that it is about, what was seen, why it matters, what to change (in words, as an \`az\`
command and in Bicep; where there is no command or no Bicep, the reason stands below the table), and who can do it.

| Severity | Then                                                                                          |
| -------- | --------------------------------------------------------------------------------------------- |
| blocks   | the build is refused, and nothing has been made                                               |
| warns    | the build goes on, and its receipt tells it; a recipe can accept it by its code, with a reason |
| notes    | the same, for what could not be decided or is good to know                                    |

One preflight asks Azure for at most 22 resources and pages of lists, and for at most 10 where another has read the
ground shortly before: networks, images and policies are remembered for five minutes, quotas for half a minute, access
never. (Where the service may not read role assignments or definitions, it has to ask for its rights scope by scope, and
takes up to four more. Role assignments in the subscription of a network that is in another are two of the lists.)
Firewalls come last, since each level of their policies takes reads: where the 22 are used up, also in the midst of a
list, a finding says what was not read, and nothing is concluded from the part that was.

Deny assignments are not read, since that takes a request more for each scope that a build uses. One that forbids what a
build needs shows only when it is tried: the step fails, and its advice says that a deny assignment is in the way. What a
build has been given by then is taken back as ever, unless the deny assignment forbids that too.
`;

/** The text of docs/preflight.md, before it is formatted. */
export function preflightDocument(): string {
  return [
    INTRODUCTION,
    ...CATALOGUE.map(({ subject, rules }) => `## ${subject}\n\n${rules.map(section).join("\n")}`),
  ].join("\n");
}

function section({ name, holds, topologies, findings }: Rule): string {
  const where = topologies.length === EVERY_TOPOLOGY.length ? "every build" : topologies.join(", ");
  const rows = Object.entries(findings).map(
    ([code, { severity, owner, why }]) => `| \`${code}\` | ${severity} | ${owner} | ${why} |`,
  );
  return [
    `### ${name}\n`,
    `${holds} (${where})\n`,
    "| Code | Severity | Who can mend it | Why it matters |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    ...reasons(findings),
  ].join("\n");
}

/** Why some mends are not ready to be run: a line for each reason. */
function reasons(findings: Rule["findings"]): string[] {
  const kinds = Object.entries(findings);
  const told = new Map<string, string[]>();
  for (const [code, { noCommand, noBicep }] of kinds) {
    const same = noCommand === noBicep;
    const lines = same
      ? [["no command, no Bicep", noCommand]]
      : [
          ["no command", noCommand],
          ["no Bicep", noBicep],
        ];
    for (const [what, reason] of lines)
      if (reason) told.set(`${what}|${reason}`, [...(told.get(`${what}|${reason}`) ?? []), `\`${code}\``]);
  }
  const lines = [...told].map(([key, codes]) => {
    const [what, reason] = key.split("|");
    return `- ${codes.join(", ")}: ${what}. ${reason}`;
  });
  return lines.length > 0 ? [...lines, ""] : [];
}
