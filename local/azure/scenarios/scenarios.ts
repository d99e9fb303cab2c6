import { accessScenarios } from "./accessScenarios.ts";
import { packerScenarios } from "./packerScenarios.ts";
import { requestScenarios } from "./requestScenarios.ts";
import { runScenarios } from "./runScenarios.ts";
import type { ScenarioTable } from "./scenario.ts";
import { templateScenarios } from "./templateScenarios.ts";

/** Everything that can be asked to go wrong. */
export const scenarios: ScenarioTable = {
  ...accessScenarios,
  ...templateScenarios,
  ...runScenarios,
  ...packerScenarios,
  ...requestScenarios,
};

/** As `--help` and the control endpoint tell of them. */
export const scenarioList = Object.entries(scenarios).map(([scenario, { does, source, takes = [] }]) => ({
  scenario,
  does,
  takes,
  source,
}));
