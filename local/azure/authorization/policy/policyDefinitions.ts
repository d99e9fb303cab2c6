import { invalidQuery, notFound } from "../../arm/errors.ts";
import { lastName, sameId } from "../../arm/resourceId.ts";
import { type ArmRequest, listed, ok, type ResourceType } from "../../arm/resourceType.ts";
import type { Json } from "../../store/state.ts";
import { builtInPolicies, type PolicyDefinition } from "./builtInPolicies.ts";

/** Of policy and policy set definitions. */
export const definitionVersions = (
  "2016-12-01 2017-06-01-preview 2018-03-01 2018-05-01 2019-01-01 2019-06-01 2019-09-01 2020-03-01 2020-08-01 " +
  "2020-09-01 2021-06-01 2023-04-01 2024-05-01 2025-01-01 2025-03-01"
).split(" ");

export const assignmentVersions = [...definitionVersions, "2022-06-01", "2024-04-01"].sort();

const TYPE = "Microsoft.Authorization/policyDefinitions";
const SET_TYPE = "Microsoft.Authorization/policySetDefinitions";

/** Built-in definitions are of the tenant: their ids name no subscription. */
export const definitionId = ({ name }: PolicyDefinition) => `/providers/${TYPE}/${name}`;

export const findDefinition = (id: string): PolicyDefinition | undefined =>
  builtInPolicies.find((definition) => sameId(definitionId(definition), id));

function present(definition: PolicyDefinition): Json {
  const { name, displayName, mode, version, category, parameters, condition, effect } = definition;
  return {
    properties: {
      displayName,
      policyType: "BuiltIn",
      mode,
      metadata: { version, category },
      version,
      parameters,
      // oxlint-disable-next-line unicorn/no-thenable -- Azure calls it so.
      policyRule: { if: condition, then: { effect } },
      versions: [version],
    },
    id: definitionId(definition),
    type: TYPE,
    name,
  };
}

/** @throws AzureError 400 for a filter that Azure does not know. */
function filterOf({ query }: ArmRequest): (definition: PolicyDefinition) => boolean {
  const filter = query.get("$filter") ?? "";
  const [, field = "", wanted = ""] = /^(policyType|category) (?:-eq|eq) '(\w+)'$/i.exec(filter.trim()) ?? [];
  if (filter !== "" && field === "" && !/^atExactScope\(\)$/i.test(filter)) throw invalidQuery("$filter", filter);
  return ({ category }) => filter === "" || sameId(wanted, /^category$/i.test(field) ? category : "BuiltIn");
}

/** Read only, and at the tenant to whoever has a token of it. */
const shared = {
  apiVersions: definitionVersions,
  readOnly: true,
  extension: true,
  opens: (_, { target }) => target.scope === "",
} satisfies Partial<ResourceType>;

export const policyDefinitions: ResourceType[] = [
  {
    type: TYPE,
    ...shared,
    since: { "properties.version": "2023-04-01", "properties.versions": "2023-04-01" },
    get(_azure, { target }) {
      const definition = findDefinition(target.id);
      if (definition) return ok(present(definition));
      const name = lastName(target.id);
      throw notFound("PolicyDefinitionNotFound", `The policy definition '${name}' could not be found.`);
    },
    list: (_azure, request) => listed(builtInPolicies.filter(filterOf(request)).map(present)),
  },
  {
    type: SET_TYPE,
    ...shared,
    get(_azure, { target }) {
      const name = lastName(target.id);
      throw notFound("PolicySetDefinitionNotFound", `The policy set definition '${name}' could not be found.`);
    },
    list: () => listed([]),
  },
];
