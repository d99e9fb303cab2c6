/** Simulations of schedules: recipes of a test's own, and what the archive then tells. */
import { landscape } from "../../../local/landscape.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { schedule as schema } from "../../../src/domain/recipes/schedule.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import type { Decision } from "../../../src/domain/schedule/decision.ts";
import type { ScheduleState } from "../../../src/domain/schedule/state.ts";
import { askForBuild } from "./askForBuild.ts";
import { simulatedRecipes } from "./recipes.ts";
import { openSimulation, type Simulation, UNSWEPT } from "./simulation.ts";

// The app's modules are loaded by the host, apart from the test's: what both know of is the process.
const CURRENT = Symbol.for("goldsmith.simulation.scheduled");
const shared = globalThis as { [CURRENT]?: ReadonlyMap<string, Recipe> };

export function currentRecipes(): ReadonlyMap<string, Recipe> {
  return shared[CURRENT] ?? new Map();
}

/** A recipe of those of simulations, with that schedule; none where it is undefined. */
export function scheduled(name: string, schedule: object | undefined): Recipe {
  const found = simulatedRecipes.get(name);
  if (!found) throw new Error(`There is no recipe ${name}.`);
  const { schedule: _, ...recipe } = found;
  return schedule ? { ...recipe, schedule: schema.parse(schedule) } : recipe;
}

/** What of a simulation concerns its schedules. */
export interface ScheduleSimulation extends Simulation {
  /** Sleeps until then, ISO 8601. */
  until(time: string): Promise<void>;
  /** Asks for a build, and waits for its end. @returns its id. */
  build(image: string): Promise<string>;
  /** What was decided of an image, by its times in order. */
  decisions(image: string): Decision[];
  state(image: string): ScheduleState | undefined;
  /** Receipts of an image's builds, in the order of their ids. */
  receipts(image: string): Receipt[];
  /** What of the archive begins so. */
  names(prefix: string): string[];
}

type Options = Omit<NonNullable<Parameters<typeof openSimulation>[1]>, "nightly" | "ground">;

/** Opens a simulation in which those recipes are all there are, and no sweeper. */
export async function openScheduled(recipes: readonly Recipe[], options: Options = {}): Promise<ScheduleSimulation> {
  shared[CURRENT] = new Map(recipes.map((recipe) => [recipe.name, recipe]));
  const { env, ...others } = options;
  const simulation = await openSimulation(30, {
    ...others,
    nightly: true,
    env: { ...UNSWEPT, ...env },
    ground: { app: "scheduleApp", landscape, env: {} },
  });
  const { host, world } = simulation;
  const names = (prefix: string) => world.archive.names("archive").filter((name) => name.startsWith(prefix));
  const read = (name: string): unknown => {
    const text = world.archive.text("archive", name);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const all = (found: string[]) => found.map(read).filter((document) => document !== undefined);
  return {
    ...simulation,
    until: (time) => host.clock.sleep(Date.parse(time) - host.clock.now()),
    async build(image) {
      const id = await askForBuild(host, image);
      await host.instance(id);
      return id;
    },
    decisions: (image) => all(names(`schedules/${image}/`)) as Decision[],
    state: (image) => read(`schedules/${image}.json`) as ScheduleState | undefined,
    receipts: (image) => all(names(`builds/${image}/`).filter((name) => name.endsWith("/receipt.json"))) as Receipt[],
    names,
  };
}
