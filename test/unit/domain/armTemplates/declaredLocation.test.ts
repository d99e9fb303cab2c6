/** Bicep makes `reference(…, 'full').location` of another resource's location: what the file itself tells is known. */
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../../src/domain/json.ts";
import { deploymentOf, find } from "../../../support/armTemplate.ts";

const gallery = {
  type: "Microsoft.Compute/galleries",
  name: "[concat('gal', 'lery')]",
  location: "[variables('where')]",
};
const account = { type: "Microsoft.Storage/storageAccounts", name: "Gallery", location: "westus" };

function image(id: string): JsonObject {
  const location = `[reference(${id}, '2023-07-03', 'Full').location]`;
  return { type: "Microsoft.VirtualMachineImages/imageTemplates", apiVersion: "2024-02-01", name: "image", location };
}

function locationIn(resources: Json): Json | undefined {
  const found = find(deploymentOf({}, { resources, variables: { where: "northeurope" } }));
  return found.kind === "found" ? found.template.resource["location"] : found.faults[0]?.message;
}

test("by the id of a resource, which tells its type and its name", () => {
  expect(locationIn([account, gallery, image("resourceId('Microsoft.Compute/galleries', 'gallery')")])).toBe(
    "northeurope",
  );
  expect(locationIn([gallery, account, image("resourceId('Microsoft.Storage/storageAccounts', 'gallery')")])).toBe(
    "westus",
  );
});

test("by its name alone, and by its symbolic name", () => {
  expect(locationIn([gallery, image("'gallery'")])).toBe("northeurope");
  expect(locationIn({ shared: gallery, one: image("'shared'") })).toBe("northeurope");
});

const UNKNOWN = "uses reference(), whose result is known only while it is deployed: put its value in its place";

test("not where the template does not make it", () => {
  expect(locationIn([gallery, image("resourceId('Microsoft.Compute/galleries', 'other')")])).toBe(UNKNOWN);
  expect(locationIn({ shared: { ...gallery, existing: true }, one: image("'shared'") })).toBe(UNKNOWN);
});

test("not where it is made out of itself", () => {
  expect(locationIn([image("'image'")])).toBe(UNKNOWN);
});

test("in few steps, however many resources ask for each other's", () => {
  const ring = Array.from({ length: 300 }, (_, index) => ({
    ...image(`'x${(index + 1) % 300}'`),
    name: `[reference('x${(index + 2) % 300}', '2023-07-03', 'Full').location]`,
  }));
  expect(locationIn(ring)).toContain("takes more steps to evaluate than any real template does");
});
