import { sampleRecipe } from "./plan.ts";

const SUBSCRIPTION = "/subscriptions/5a0f4a6e-8b1d-4c1e-9a40-6f1f6c0d4d01";
const GROUPS = `${SUBSCRIPTION}/resourceGroups`;

const ADDRESS = "an address of the machine that fetches";
const NO_ID = "is not the id of a";

const source = (imageId: string) => ({ source: { type: "ManagedImage", imageId } });
const target = (galleryImageId: string) => ({ distribute: { ...sampleRecipe().distribute[0], galleryImageId } });
const script = (scriptUri: string, checked: object = { sha256Checksum: "a".repeat(64) }) => ({
  customize: [{ type: "Shell", scriptUri, ...checked }],
});

/** Recipes that are refused: their numbers among bad input, what is wrong, how they differ, and what is told of it. */
export const BAD_RECIPES: [number: number, title: string, change: object, told: string][] = [
  [13, "with ../ in an id", source(`${GROUPS}/x/../y/providers/Microsoft.Compute/images/i`), NO_ID],
  [13, "with // in an id", source(`${GROUPS}//x/providers/Microsoft.Compute/images/i`), NO_ID],
  [13, "with %2f in an id", source(`${GROUPS}/x%2fy/providers/Microsoft.Compute/images/i`), NO_ID],
  [13, "with a query in an id", source(`${GROUPS}/x/providers/Microsoft.Compute/images/i?api-version=1`), NO_ID],
  [15, "with a subscription for a target", target(SUBSCRIPTION), NO_ID],
  [15, "with a management group for a target", target("/providers/Microsoft.Management/managementGroups/root"), NO_ID],
  [16, "with a role", { role: "Owner" }, "role: is not a field here"],
  [17, "with a role that is none", { roleDefinitionId: "not-a-guid" }, "roleDefinitionId: is not a field here"],
  [18, "with a principal", { principalId: "x" }, "principalId: is not a field here"],
  [20, "with a time limit of -1", { buildTimeoutInMinutes: -1 }, "takes at least 0"],
  [20, "with a time limit of 1e9", { buildTimeoutInMinutes: 1e9 }, "takes at most 960"],
  [20, "with a time limit that is no number", { buildTimeoutInMinutes: "NaN" }, "takes a number"],
  [21, "with a script at the metadata service", script("https://169.254.169.254/x.sh"), ADDRESS],
  [21, "with a script at localhost", script("https://localhost/x.sh"), ADDRESS],
  [21, "with a script at [::1]", script("https://[::1]/x.sh"), ADDRESS],
  [21, "with a script at a decimal address", script("https://2852039166/x.sh"), ADDRESS],
  [22, "with a script of a file", script("file:///etc/passwd"), "is no place of the Internet"],
  [22, "with a script without TLS", script("http://a.test/x.sh", { unchecked: true }), "is of http"],
  [22, "with a script's address with a password", script("https://u:hunter2@a.test/x.sh"), "a user or a password"],
  [23, "with a command in a tag", { tags: { owner: "$(curl a.test)" } }, "a shell would run"],
  [23, "with a command in a tag's name", { tags: { "`id`": "x" } }, "a shell would run"],
];

/** A target of its own: no two recipes publish the same image. */
export const targetOf = (image: string) =>
  target(`/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/goldsmith/images/${image}`);

/** The text of the sample recipe with another name and what is changed of it. */
export function recipeWith(name: string, change: object): string {
  return JSON.stringify({ ...sampleRecipe(), name, ...change });
}
