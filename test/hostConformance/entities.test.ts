import { testScenarios } from "./conformance.ts";
import { entities } from "./scenarios/entities.ts";

testScenarios(entities);
