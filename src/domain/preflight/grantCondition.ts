const ATTRIBUTES = "Microsoft.Authorization/roleAssignments";
const GUID = "[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}";

/** What the condition says of one action, without blanks. */
function clause(action: string, source: string, role: string, principal: string): string {
  const is = (attribute: string, value: string) =>
    escaped(`${source}[${ATTRIBUTES}:${attribute}]ForAnyOfAnyValues:GuidEquals{`) + value + escaped("}");
  return [
    escaped(`((!(ActionMatches{'${ATTRIBUTES}/${action}'}))OR(`),
    is("RoleDefinitionId", role),
    "AND",
    is("PrincipalId", principal),
    escaped(`AND${source}[${ATTRIBUTES}:PrincipalType]ForAnyOfAnyValues:StringEqualsIgnoreCase{'ServicePrincipal'}))`),
  ].join("");
}

/** The condition of docs/access.md, for whoever may assign the one role to the one principal. */
export function grantConditionFor(role: string, principal: string): string {
  const clauseOf = (action: string, source: string) => {
    const is = (attribute: string, value: string) =>
      `${source}[${ATTRIBUTES}:${attribute}] ForAnyOfAnyValues:GuidEquals {${value}}`;
    const type = `${source}[${ATTRIBUTES}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}`;
    const holds = [is("RoleDefinitionId", role), is("PrincipalId", principal), type].join(" AND ");
    return `((!(ActionMatches{'${ATTRIBUTES}/${action}'})) OR (${holds}))`;
  };
  return `${clauseOf("write", "@Request")} AND ${clauseOf("delete", "@Resource")}`;
}

const CONDITION = new RegExp(
  [
    "^",
    clause("write", "@Request", `(?<roles>${GUID}(?:,${GUID})*)`, `(?<principal>${GUID})`),
    "AND",
    clause("delete", "@Resource", "\\k<roles>", "\\k<principal>"),
    "$",
  ].join(""),
  "i",
);

/**
 * The roles that the condition of docs/access.md lets the service assign and take away, and the one principal.
 *
 * @returns undefined for any other condition: what it allows is not worked out here.
 */
export function grantedUnder(condition: string): { roles: string[]; principal: string } | undefined {
  const { roles, principal } = CONDITION.exec(condition.replaceAll(/\s+/g, ""))?.groups ?? {};
  return roles && principal ? { roles: roles.split(","), principal } : undefined;
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
}
