import * as z from "zod";
import type { Catalogue } from "./catalogue.ts";
import { component } from "../component.ts";
import { FollowDecision } from "../follow/decision.ts";
import { Fault } from "./fault.ts";
import { Recipe } from "./schema.ts";

const { name, description, location, zone, source, schedule } = Recipe.shape;

const ready = z.strictObject({
  name,
  state: z.literal("ready"),
  description,
  location,
  zone,
  source,
  schedule,
  links: z.strictObject({ self: z.url(), builds: z.url(), plan: z.url() }),
});

/** A recipe that nothing is built of, and why. */
const broken = z.strictObject({
  name: z.string(),
  state: z.literal("broken"),
  errors: z.array(Fault).min(1),
  links: z.strictObject({ self: z.url() }),
});

/** Where the recipes could not be read again: when they were last. Absent where they are as they are now. */
const staleSince = z.iso.datetime().exactOptional();

/** What `GET /api/images` answers with. */
export const ImageList = component(
  "ImageList",
  z.strictObject({ images: z.array(z.discriminatedUnion("state", [ready, broken])), staleSince }),
);
export type ImageList = z.infer<typeof ImageList>;

/** Worth to be known, with its place; of a template that the recipe names, mostly what was changed in it. */
const notes = z.array(Fault);

/** What `GET /api/images/{image}` answers with: the same with notes, and the recipe with all its defaults. */
export const ImageView = component(
  "Image",
  z.discriminatedUnion("state", [
    ready.extend({
      recipe: component("Recipe", Recipe),
      notes,
      follows: z
        .array(FollowDecision)
        .exactOptional()
        .describe("What was decided of new versions of its source, the newest first; absent where it follows none."),
      staleSince,
    }),
    broken.extend({ notes, staleSince }),
  ]),
);
export type ImageView = z.infer<typeof ImageView>;

/** @param urlOf a path of this service as the caller reaches it. */
export function imageList({ recipes, broken, stale }: Catalogue, urlOf: (path: string) => string): ImageList {
  return {
    images: [
      ...[...recipes.values()].map((recipe) => readyView(recipe, urlOf)),
      ...[...broken].map(([image, errors]) => brokenView(image, errors, urlOf)),
    ].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    ...ageOf(stale),
  };
}

/** @returns undefined where there is no recipe of that name. */
export function imageView(
  { recipes, broken, notes: all, stale }: Catalogue,
  image: string,
  urlOf: (path: string) => string,
): ImageView | undefined {
  const recipe = recipes.get(image);
  const notes = [...(all.get(image) ?? [])];
  if (recipe) return { ...readyView(recipe, urlOf), recipe, notes, ...ageOf(stale) };
  const errors = broken.get(image);
  return errors && { ...brokenView(image, errors, urlOf), notes, ...ageOf(stale) };
}

function ageOf(stale: Catalogue["stale"]): { staleSince?: string } {
  return stale ? { staleSince: stale.since } : {};
}

function readyView(recipe: Recipe, urlOf: (path: string) => string): z.infer<typeof ready> {
  const { name, description, location, zone, source, schedule } = recipe;
  const self = urlOf(`/api/images/${name}`);
  return {
    name,
    state: "ready",
    description,
    location,
    zone,
    source,
    ...(schedule ? { schedule } : {}),
    links: { self, builds: `${self}/builds`, plan: `${self}/plan` },
  };
}

function brokenView(image: string, errors: readonly Fault[], urlOf: (path: string) => string): z.infer<typeof broken> {
  return {
    name: image,
    state: "broken",
    errors: [...errors],
    links: { self: urlOf(`/api/images/${encodeURIComponent(image)}`) },
  };
}
