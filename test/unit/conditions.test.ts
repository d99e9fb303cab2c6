import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { builderIdentity, landscape } from "../../local/landscape.ts";

const root = join(import.meta.dirname, "..", "..");
const textOf = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

/** Conditions are compared without their blanks. */
const bare = (text: string) => text.replaceAll(/\s+/g, "");

/** The conditions under which the local Azure lets the service grant and read logs, with words for what differs. */
const used = landscape.roleAssignments
  .flatMap(({ condition }) => condition ?? [])
  .map((condition) =>
    bare(condition)
      .replaceAll(builderIdentity.principalId, "<builder>")
      .replaceAll(/(RoleDefinitionId\]\w+:\w+\{)[\da-f-]{36}(?:,[\da-f-]{36})*/g, "$1<roles>"),
  );

/** The text that a list of a Bicep file's string literals stands for. */
function literalOf(name: string): string {
  const list =
    new RegExp(`var ${name} = join\\(\\s*\\[([^]*?)\\n\\s*\\],\\s*''\\s*\\)`).exec(
      textOf("infra", "modules", "access.bicep"),
    )?.[1] ?? "";
  const literals = list.matchAll(/'((?:[^'\\]|\\.)*)'/g);
  return [...literals].map(([, text = ""]) => text.replaceAll("\\'", "'")).join("");
}

it("holds the deployment, the documents and the local Azure to the same conditions", () => {
  const oneGrantOnly = literalOf("oneGrantOnly");
  const onWrite = oneGrantOnly.replace("<action>", "write").replaceAll("<source>", "@Request");
  const onDelete = oneGrantOnly.replace("<action>", "delete").replaceAll("<source>", "@Resource");
  const deployed = [`${onWrite} AND ${onDelete}`, literalOf("readsPackerLogsOnly")].map(bare);
  expect(new Set(used)).toEqual(new Set(deployed));

  const blocks = [...textOf("docs", "access.md").matchAll(/```text\n([^]*?)```/g)].map(([, text = ""]) => bare(text));
  expect(blocks.filter((text) => text.includes("ActionMatches")).toSorted()).toEqual(deployed.toSorted());
});
