import { createHash } from "node:crypto";
import { join } from "node:path";
import { landscape, scriptContainer } from "../../../local/landscape.ts";
import { uriOfScript } from "../../../src/domain/keptScript.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { readCatalogue } from "../../../src/recipes.ts";

const folders = [join(import.meta.dirname, "..", "..", "..", "images"), join(import.meta.dirname, "app", "images")];

/** What no template may hold. */
export const UNSEEN_SECRET = "geheim-1234";

/** A recipe in which a secret was not seen when it was read. */
function withUnseenSecret(recipe: Recipe | undefined): Recipe {
  if (!recipe) throw new Error("There is no recipe to be given a secret.");
  return { ...recipe, name: "unseen-secret", tags: { password: UNSEEN_SECRET } };
}

const bytes = Buffer.from(`#!/bin/sh\n${"echo one\n".repeat(10_000)}`);
const sha256 = createHash("sha256").update(bytes).digest("hex");

/** A script that is too long for a template, and the image that is built with it. */
export const LONG_SCRIPT = {
  image: "long-script",
  /** Its blob in the container of scripts. */
  blob: `${sha256}/scripts/long.sh`,
  file: { kind: "file" as const, bytes, sha256 },
};

function withLongScript(recipe: Recipe | undefined): Recipe {
  if (!recipe) throw new Error("There is no recipe to be given a long script.");
  const { schedule: _, ...sample } = recipe;
  const { image: name } = LONG_SCRIPT;
  const scriptUri = uriOfScript(scriptContainer.id, { path: "scripts/long.sh", sha256 });
  return {
    ...sample,
    name,
    customize: [{ type: "Shell", name: "long", scriptUri, sha256Checksum: sha256 }],
    distribute: sample.distribute.map((target) =>
      target.type === "SharedImage" ? { ...target, versioning: { scheme: "Latest" as const, major: 7 } } : target,
    ),
  };
}

/** The image that somebody has to approve each build of. */
export const APPROVED = "approved";

function withApproval(recipe: Recipe | undefined): Recipe {
  if (!recipe) throw new Error("There is no recipe to be approved.");
  const { schedule: _, ...sample } = recipe;
  return { ...sample, name: APPROVED, approval: { before: "build", expires: "6h" } };
}

/** The image whose versions somebody has to approve before they become the latest. */
export const PUBLISHED = "published";

function withPublishing(recipe: Recipe | undefined): Recipe {
  const { distribute, ...sample } = withApproval(recipe);
  return {
    ...sample,
    name: PUBLISHED,
    approval: { before: "publish", expires: "6h" },
    distribute: distribute.map((target) =>
      target.type === "SharedImage"
        ? { ...target, versioning: { scheme: "Latest" as const, major: 8 }, excludeFromLatest: false }
        : target,
    ),
  };
}

const written = folders.flatMap((folder) => {
  const { recipes, broken } = readCatalogue(folder, { subscriptionId: landscape.subscriptionId });
  if (broken.size > 0) throw new Error(`There are broken recipes: ${JSON.stringify([...broken])}`);
  return [...recipes];
});

/** The shipped recipes, and beside them those that simulations are made of. @throws where one is broken. */
export const simulatedRecipes: ReadonlyMap<string, Recipe> = new Map([
  ...written,
  ["unseen-secret", withUnseenSecret(new Map(written).get("aks-jumpbox"))],
  [APPROVED, withApproval(new Map(written).get("night-one"))],
  [PUBLISHED, withPublishing(new Map(written).get("night-one"))],
  [LONG_SCRIPT.image, withLongScript(new Map(written).get("night-one"))],
]);
