import type { Landscape } from "../../landscape.ts";
import { type ResourceTypes, tableOf } from "../arm/resourceType.ts";
import { isWithin, lastName, sameId } from "../arm/resourceId.ts";
import type { Effect } from "../scenarios/scenario.ts";
import { scenarios } from "../scenarios/scenarios.ts";
import { changedSettings, type Settings } from "../settings.ts";
import type { Random } from "../store/random.ts";
import type { StoredRoleAssignment } from "../store/state.ts";
import type { Fault, ScenarioFault } from "./faultSchema.ts";
import { pathPattern } from "./pathPattern.ts";
import { requestFault, type RequestFault } from "./requestFault.ts";

/** An effect of a scenario that somebody asked for, with what he told it. */
interface Active<On extends Effect["on"]> {
  effect: Extract<Effect, { on: On }>;
  told: ScenarioFault;
  /** Says that it has: one time less to go, where a `count` was told. */
  happen(): void;
}

/** What a test, or a person, has asked to go wrong. */
export interface Faults {
  add(faults: Fault[]): void;
  list(): Fault[];
  clear(): void;
  /** The fault that strikes a request, if any; it counts as having struck. */
  strike(method: string, path: string): RequestFault | undefined;
  /** What scenarios do of one kind, to the template of that name if any. */
  effects<On extends Effect["on"]>(on: On, template?: string): Active<On>[];
  /** The first of those that are `meant`; it counts as having happened. */
  take<On extends Effect["on"]>(
    on: On,
    template?: string,
    meant?: (active: Active<On>) => boolean,
  ): Active<On> | undefined;
  /** The settings, as scenarios change them. */
  settings(base: Settings): Settings;
  /** The resource types, as scenarios change them. */
  types(base: ResourceTypes, landscape: Landscape): ResourceTypes;
  /** How many seconds the propagation of a role assignment takes instead of the usual. */
  propagationOf(assignment: StoredRoleAssignment & { roleName: string }): "never" | number | undefined;
}

interface Entry {
  fault: Fault;
  requests: { fault: RequestFault; seen: number; struck: number }[];
  effects: Effect[];
  /** How often it has happened, of a scenario with a `count`. */
  happened: number;
  /** How often it may. */
  count: number;
}

/** What the scenarios among faults change in the cloud as soon as they are asked for. */
export const cloudChanges = (faults: Fault[]) =>
  faults
    .flatMap((fault) => ("scenario" in fault ? (scenarios[fault.scenario]?.effects ?? []) : []))
    .flatMap((effect) => (effect.on === "cloud" ? [effect.change] : []));

export function createFaults(random: Random): Faults {
  let entries: Entry[] = [];
  let draws = 0;
  const active = () => entries.flatMap((entry) => ("scenario" in entry.fault ? [{ entry, told: entry.fault }] : []));

  const faults: Faults = {
    add: (added) => void entries.push(...added.map(entryOf)),
    list: () => entries.map(({ fault }) => fault),
    clear() {
      entries = [];
      draws = 0;
    },
    strike(method, path) {
      for (const request of entries.flatMap(({ requests }) => requests)) {
        const { fault } = request;
        if (!concerns(fault, method, path)) continue;
        if (request.seen++ < (fault.after ?? 0) || request.struck >= (fault.count ?? Infinity)) continue;
        if (fault.probability !== undefined && random.fraction("fault", draws++) >= fault.probability) continue;
        request.struck++;
        return fault;
      }
      return undefined;
    },
    effects<On extends Effect["on"]>(on: On, template?: string): Active<On>[] {
      const found: Active<On>[] = [];
      for (const { entry, told } of active()) {
        if (entry.happened >= entry.count) continue;
        if (told.template && template && !sameId(told.template, template)) continue;
        const meant = entry.effects.filter((effect) => effect.on === on) as Extract<Effect, { on: On }>[];
        found.push(...meant.map((effect) => ({ effect, told, happen: () => void entry.happened++ })));
      }
      return found;
    },
    take(on, template, meant = () => true) {
      const found = faults.effects(on, template).find(meant);
      found?.happen();
      return found;
    },
    settings: (base) =>
      faults.effects("settings").reduce((changed, { effect }) => changedSettings(changed, effect.settings), base),
    types: (base, landscape) =>
      faults
        .effects("types")
        .reduce((types, { effect }) => tableOf(types.all.map((type) => effect.change(type, landscape))), base),
    propagationOf({ scope, roleDefinition, roleName, principalId }) {
      const meant = faults.effects("propagation").find(({ told }) => {
        const roleMeant = !told.role || sameId(lastName(told.role), roleDefinition) || sameId(told.role, roleName);
        const scopeMeant = !told.scope || isWithin(told.scope, scope);
        return roleMeant && scopeMeant && (!told.principal || sameId(told.principal, principalId));
      });
      if (!meant) return undefined;
      return meant.told.seconds ?? meant.effect.seconds ?? "never";
    },
  };
  return faults;
}

function entryOf(fault: Fault): Entry {
  if (!("scenario" in fault)) {
    return { fault, requests: [{ fault, seen: 0, struck: 0 }], effects: [], happened: 0, count: Infinity };
  }
  const { effects = [], count: usual = Infinity } = scenarios[fault.scenario] ?? {};
  const { count } = fault;
  const requests = effects
    .flatMap((effect) =>
      effect.on === "request" ? [requestFault.parse({ ...effect.fault, ...(count && { count }) })] : [],
    )
    .map((one) => ({ fault: one, seen: 0, struck: 0 }));
  return { fault, requests, effects, happened: 0, count: count ?? usual };
}

function concerns({ method, path }: RequestFault, requestMethod: string, requestPath: string): boolean {
  if (method && method.toUpperCase() !== requestMethod) return false;
  return path === undefined || pathPattern(path).test(requestPath);
}
