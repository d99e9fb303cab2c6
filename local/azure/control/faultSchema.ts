import * as z from "zod";
import { parameters } from "../scenarios/scenario.ts";
import { scenarios } from "../scenarios/scenarios.ts";
import { lookUp } from "../store/lookUp.ts";
import { type RequestFault, requestFault, type RequestFaultInput, requireComplete } from "./requestFault.ts";

const scenarioFault = parameters.extend({ scenario: z.string() });

export type ScenarioFault = z.infer<typeof scenarioFault>;
export type Fault = RequestFault | ScenarioFault;
/** As it is asked for: `kind` may be left out. */
export type FaultInput = RequestFaultInput | ScenarioFault;

/** @throws Error with each thing that is wrong. */
export function parseFaults(input: unknown): Fault[] {
  const items: unknown[] = Array.isArray(input) ? input : [input];
  return items.map((item) => {
    const isScenario = typeof item === "object" && item !== null && "scenario" in item;
    if (isScenario) return parseScenario(item);
    const fault = parsedBy(requestFault, item);
    requireComplete(fault);
    return fault;
  });
}

function parseScenario(item: object): ScenarioFault {
  const fault = parsedBy(scenarioFault, item);
  const known = lookUp(scenarios, fault.scenario);
  if (!known) {
    throw new Error(`There is no scenario '${fault.scenario}'. There are: ${Object.keys(scenarios).join(", ")}.`);
  }
  const foreign = parameters.keyof().options.find((name) => fault[name] !== undefined && !known.takes?.includes(name));
  if (foreign) throw new Error(`The scenario '${fault.scenario}' does not take '${foreign}'.`);
  return fault;
}

function parsedBy<T>(schema: z.ZodType<T>, item: unknown): T {
  const parsed = schema.safeParse(item);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}
