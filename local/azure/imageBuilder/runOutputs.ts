import type { ResourceType } from "../arm/resourceType.ts";
import { apiVersions } from "./apiVersions.ts";
import { RUN_OUTPUT_TYPE } from "./run.ts";

/** What a template's runs have made; only runs write them. */
export const runOutputs: ResourceType = { type: RUN_OUTPUT_TYPE, apiVersions, readOnly: true };
