import type { Azure } from "../azure.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { isActive } from "./run.ts";
import { type Template, TEMPLATE_TYPE } from "./templateState.ts";

/** The runs that are under way. */
export function runningBuilds(azure: Azure): Json[] {
  return resourcesOfType(azure, TEMPLATE_TYPE, "")
    .map((resource) => resource as Template)
    .filter(isActive)
    .map(({ id, body, hidden }) => ({
      template: id,
      operation: hidden.run?.operation,
      ...body.properties.lastRunStatus,
    }));
}
