import { isWithin, lastName, sameId } from "../arm/resourceId.ts";
import type { Random } from "../store/random.ts";
import type { StoredRoleAssignment } from "../store/state.ts";
import type { Fault, RequestFault } from "./faultSchema.ts";
import { pathPattern } from "./pathPattern.ts";

/** What a test has asked to go wrong. */
export interface Faults {
  add(faults: Fault[]): void;
  list(): Fault[];
  clear(): void;
  /** The fault that strikes a request, if any; it counts as having struck. */
  strike(method: string, path: string): RequestFault | undefined;
  /** How many seconds the propagation of a role assignment takes instead of the usual. */
  propagationOf(assignment: StoredRoleAssignment & { roleName: string }): "never" | number | undefined;
  /** The scenario that lets a customizer fail. */
  customizerFailure(customizer: string): { line?: string | undefined } | undefined;
  /** Whether runs that are cancelled stay Canceling. */
  cancelHangs(): boolean;
}

export function createFaults(random: Random): Faults {
  let faults: { fault: Fault; seen: number; struck: number }[] = [];
  let draws = 0;
  const scenarios = () => faults.map(({ fault }) => fault).filter((fault) => "scenario" in fault);
  return {
    add: (added) => void faults.push(...added.map((fault) => ({ fault, seen: 0, struck: 0 }))),
    list: () => faults.map(({ fault }) => fault),
    clear() {
      faults = [];
      draws = 0;
    },
    strike(method, path) {
      for (const entry of faults) {
        const { fault } = entry;
        if ("scenario" in fault || !concerns(fault, method, path)) continue;
        if (entry.seen++ < (fault.after ?? 0) || entry.struck >= (fault.count ?? Infinity)) continue;
        if (fault.probability !== undefined && random.fraction("fault", draws++) >= fault.probability) continue;
        entry.struck++;
        return fault;
      }
      return undefined;
    },
    propagationOf({ scope, roleDefinition, roleName, principalId }) {
      for (const fault of scenarios()) {
        if (fault.scenario !== "grant-never-propagates" && fault.scenario !== "grant-propagates-in") continue;
        const roleMeant = !fault.role || sameId(lastName(fault.role), roleDefinition) || sameId(fault.role, roleName);
        const scopeMeant = !fault.scope || isWithin(fault.scope, scope);
        const principalMeant = !fault.principal || sameId(fault.principal, principalId);
        if (!roleMeant || !scopeMeant || !principalMeant) continue;
        return fault.scenario === "grant-never-propagates" ? "never" : fault.seconds;
      }
      return undefined;
    },
    customizerFailure(customizer) {
      return scenarios().flatMap((fault) =>
        fault.scenario === "customizer-fails" && fault.customizer === customizer ? [{ line: fault.line }] : [],
      )[0];
    },
    cancelHangs: () => scenarios().some(({ scenario }) => scenario === "cancel-hangs"),
  };
}

function concerns({ method, path }: RequestFault, requestMethod: string, requestPath: string): boolean {
  if (method && method.toUpperCase() !== requestMethod) return false;
  return path === undefined || pathPattern(path).test(requestPath);
}
