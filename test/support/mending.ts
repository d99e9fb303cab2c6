/** Does in a local Azure what the Bicep of a finding would, or its command: by the requests that they come to. */
import { expect } from "vitest";
import { v5 as uuidv5 } from "uuid";
import type { Finding } from "../../src/domain/failure.ts";
import { resourceGroupOf } from "../../src/domain/resourceId.ts";
import { landscape, landscapeSettings } from "../../local/landscape.ts";
import { Expression, parseBicep, type Statement, type Value } from "./bicepSnippet.ts";
import type { TestCloud } from "./cloud.ts";
import { NETWORK_VERSION } from "./cloudNetwork.ts";
import { ids } from "./cloudTemplates.ts";
import { optionsOf, shellWords } from "./shellWords.ts";

type Json = Record<string, unknown>;
type Resource = Statement & { kind: "resource" };

const AUTHORIZATION = "2022-04-01";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/** The roles of the landscape have no installation in their names. @param name `Goldsmith observer (test)`. */
function roleNamed(name: string): string {
  if (name === "Reader") return READER;
  const bare = name.replace(/ \(test\)$/, "");
  return landscape.roleDefinitions.find(({ roleName }) => roleName === bare)?.name ?? name;
}

/** A key of infra/modules/roles.bicep is the role's name in one word. */
const roleOfKey = (key: string) =>
  roleNamed(`Goldsmith ${key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`);

function plain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Expression))
    return typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
      : value;
  const values = (value.values ?? []).map(plain).map(String);
  if (value.name === "guid" && values[1] === "test") return roleOfKey(values[2] ?? "");
  if (value.name === "guid") return uuidv5(values.join("|"), uuidv5.URL);
  expect(value.name).toBe("subscriptionResourceId");
  const [subscription = "", type = "", name = ""] = values;
  return `/subscriptions/${subscription}/providers/${type}/${name}`;
}

function idOf({ type, body }: Resource, scope: string): string {
  const { name = "" } = body as Json;
  const [namespace = "", ...types] = type.split("/");
  const names = String(name instanceof Expression ? plain(name) : name).split("/");
  return `${scope}/providers/${namespace}${types.map((one, at) => `/${one}/${names[at]}`).join("")}`;
}

export function mending(cloud: () => TestCloud) {
  async function put(id: string, version: string, body: unknown): Promise<void> {
    const answer = await cloud().send("PUT", `${id}?api-version=${version}`, { body });
    expect([answer.status, answer.text]).toEqual([expect.toSatisfy((status: number) => status < 300), answer.text]);
    await cloud().pass(60);
  }

  /** Sets properties of a resource that is there. */
  async function set(id: string, changes: Json): Promise<void> {
    const { body } = await cloud().send("GET", id + NETWORK_VERSION);
    const { location, sku, ...there } = body as { properties: Json; location?: string; sku?: Json };
    const properties = { ...there.properties, ...changes };
    const ofResource = location && { location, ...(sku && { sku }) };
    await put(id, NETWORK_VERSION.split("=")[1] ?? "", { ...ofResource, properties });
  }

  /** Deploys what a finding has of Bicep. @param fill what people would put in for what is not known. */
  async function deploy({ bicep = "", resource }: Finding, fill: (text: string) => string = (text) => text) {
    const statements = parseBicep(fill(bicep));
    const [comment] = statements.flatMap((one) => (one.kind === "comment" ? [one.text] : []));
    const place = /^deploy to (\/\S+)$/.exec(comment ?? "")?.[1] ?? resourceGroupOf(resource);
    const properties = statements.flatMap((one) => (one.kind === "property" ? [[one.name, plain(one.value)]] : []));
    if (properties.length > 0) await set(/\/\S+$/.exec(comment ?? "")?.[0] ?? "", Object.fromEntries(properties));
    const resources = statements.filter((one): one is Resource => one.kind === "resource");
    for (const one of resources) {
      if (one.isExisting) continue;
      const { name: _, scope, ...body } = one.body as { [name: string]: Value };
      const target = resources.find(({ symbol }) => scope instanceof Expression && symbol === scope.name);
      await put(idOf(one, target ? idOf(target, place) : place), one.version, plain(body));
    }
  }

  async function remove(id: string, version: string): Promise<void> {
    await cloud().send("DELETE", `${id}?api-version=${version}`);
  }

  /** Does what a command of `az` does, of those that are known here. */
  async function run({ command = "" }: Finding): Promise<void> {
    const options = optionsOf(command);
    const option = (name: string) => options.get(name)?.[0] ?? "";
    const words = shellWords(command);
    const verb = words
      .slice(
        1,
        words.findIndex((one) => one.startsWith("--")),
      )
      .join(" ");
    const group = `/subscriptions/${option("subscription")}/resourceGroups/${option("resource-group")}`;
    switch (verb) {
      case "role assignment create":
        return put(ids.assignment(option("scope"), uuidv5(command, uuidv5.URL)), AUTHORIZATION, {
          properties: {
            roleDefinitionId: ids.role(roleNamed(option("role"))),
            principalId: option("assignee-object-id"),
            principalType: option("assignee-principal-type"),
            ...(option("condition") && {
              condition: option("condition"),
              conditionVersion: option("condition-version"),
            }),
          },
        });
      case "role assignment delete":
        return remove(option("ids"), AUTHORIZATION);
      case "role definition update": {
        const { id, roleName, description, assignableScopes, ...permission } = JSON.parse(option("role-definition"));
        const properties = { roleName, description, assignableScopes, permissions: [permission], type: "CustomRole" };
        return put(id as string, AUTHORIZATION, { properties });
      }
      case "rest": {
        const [id = "", version = ""] = option("url").split("?api-version=");
        return put(id, version, JSON.parse(option("body")));
      }
      case "identity federated-credential delete": {
        const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${option("identity-name")}`;
        return remove(`${identity}/federatedIdentityCredentials/${option("name")}`, "2023-01-31");
      }
      case "identity create":
        return put(
          `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${option("name")}`,
          "2023-01-31",
          { location: option("location") },
        );
      case "provider register":
        await cloud().send(
          "POST",
          `${ids.subscription}/providers/${option("namespace")}/register?api-version=2022-09-01`,
        );
        return cloud().pass(600);
      default:
        throw new Error(`No idea of: ${command}`);
    }
  }

  return { deploy, run };
}

/** The role that is leased for images, and that for networks. */
export const { GOLDSMITH_IMAGE_CREATION_ROLE: CREATION, GOLDSMITH_NETWORK_JOIN_ROLE: JOIN } = landscapeSettings;
