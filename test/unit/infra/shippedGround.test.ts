import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { landscape } from "../../../local/landscape.ts";
import egressNames from "../../../infra/modules/network/egressNames.json" with { type: "json" };
import parameters from "../../../infra/main.parameters.json" with { type: "json" };

const root = join(import.meta.dirname, "..", "..", "..");
const bicep = (...path: string[]) => readFileSync(join(root, "infra", ...path), "utf8");

interface Recipe {
  name: string;
  vmProfile?: { vnetConfig?: { subnetId?: string; containerInstanceSubnetId?: string } };
  distribute: { galleryImageId: string };
  egress?: { name: string; ports?: number[] }[];
}

const recipes = readdirSync(join(root, "images"))
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => parse(readFileSync(join(root, "images", name), "utf8")) as Recipe);

/** The one text that a parameter or variable of the main file is unless told otherwise. */
const defaultOf = (name: string) =>
  new RegExp(`^(?:param|var) ${name}\\b[^=]*= '([^']*)'`, "m").exec(bicep("main.bicep"))?.[1];

const byName = (one: { name?: string | undefined }, other: { name?: string | undefined }) =>
  (one.name ?? "").localeCompare(other.name ?? "");

/** Of azd's environment. */
const variable = (name: string) => `GOLDSMITH_${name.replaceAll(/(?<!^)([A-Z])/g, "_$1").toUpperCase()}`;

it("makes the very definitions that the shipped recipes publish to, as the local Azure has them", () => {
  const rows = bicep("modules", "gallery.bicep").matchAll(
    /\{ name: '(.*?)', osType: '(.*?)', offer: '(.*?)', sku: '(.*?)' \}/g,
  );
  const made = [...rows].map(([, name, osType, offer, sku]) => ({ name, osType, offer, sku }));
  const local = landscape.resources.flatMap(({ id, body }) => {
    const { osType, identifier } = (body.properties ?? {}) as { osType?: string; identifier?: Record<string, string> };
    return osType ? [{ name: id.split("/").pop(), osType, offer: identifier?.offer, sku: identifier?.sku }] : [];
  });
  expect(made.toSorted(byName)).toEqual(local.toSorted(byName));

  const gallery = /module gallery [^]*?name: '(goldsmith)'\n/.exec(bicep("main.bicep"))?.[1] ?? "";
  const images = `/resourceGroups/${defaultOf("imageResourceGroupName")}/providers/Microsoft.Compute/galleries/${gallery}/images`;
  expect(recipes.map(({ distribute }) => distribute.galleryImageId).toSorted()).toEqual(
    made.map(({ name }) => `${images}/${name}`).toSorted(),
  );
});

it("makes the very subnets that the shipped recipes are built in, with the rules of the local Azure", () => {
  const text = bicep("modules", "buildNetwork.bicep");
  const network = `/resourceGroups/${defaultOf("networkResourceGroupName")}/providers/Microsoft.Network/virtualNetworks/${defaultOf("networkName")}`;
  const made = [...text.matchAll(/name: '(snet-[\w-]+)'/g)].map(([, name]) => `${network}/subnets/${name}`);
  const named = recipes.flatMap(({ vmProfile: { vnetConfig = {} } = {} }) => Object.values(vnetConfig));
  expect(new Set(made)).toEqual(new Set(named.filter((id) => id.includes("/subnets/"))));

  const prefixes = { containerPrefix: "10.40.0.96/28", isolatedPrefix: "10.40.0.64/27" };
  for (const [name, prefix] of Object.entries(prefixes)) expect(text).toContain(`var ${name} = '${prefix}'`);
  const place = (from: string) =>
    Object.entries(prefixes).find(([name]) => name === from)?.[1] ?? from.replaceAll("'", "");
  const rows = text.matchAll(
    /\{ name: '(.*?)', direction: '(.*?)', priority: (\d+), access: '(.*?)', from: (.*?), to: (.*?), port: '(.*?)' \}/g,
  );
  const rules = [...rows].map(([, name, direction, priority, access, from = "", to = "", port]) =>
    [name, direction, priority, access, place(from), place(to), port].join(" "),
  );
  const local = landscape.resources.flatMap(({ body }) => {
    const { securityRules = [] } = (body.properties ?? {}) as {
      securityRules?: { name: string; properties: Record<string, string | number> }[];
    };
    return securityRules.map(({ name, properties: rule }) =>
      [
        name === "deny-inbound" ? "deny-other-inbound" : name,
        rule.direction,
        rule.priority,
        rule.access,
        rule.sourceAddressPrefix,
        rule.destinationAddressPrefix,
        rule.destinationPortRange,
      ].join(" "),
    );
  });
  expect(new Set(rules)).toEqual(new Set(local));
});

it("lets out at a firewall what the shipped recipes say that they reach", () => {
  const wanted = new Map<string, Set<number>>();
  for (const { name, ports = [443] } of recipes.flatMap(({ egress = [] }) => egress))
    wanted.set(name, new Set([...(wanted.get(name) ?? []), ...ports]));
  expect(new Map(egressNames.map(({ name, ports }) => [name, new Set(ports)]))).toEqual(wanted);
});

it("takes every parameter from a variable of azd's environment, by its name", () => {
  const declared = [...bicep("main.bicep").matchAll(/^param (\w+)/gm)].map(([, name = ""]) => name);
  const ofAzd: Record<string, string> = { installationId: "AZURE_ENV_NAME", location: "AZURE_LOCATION" };
  expect(parameters.parameters).toEqual(
    Object.fromEntries(declared.map((name) => [name, { value: `\${${ofAzd[name] ?? variable(name)}}` }])),
  );
});
