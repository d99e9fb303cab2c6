import { testScenarios } from "./conformance.ts";
import { administration } from "./scenarios/administration.ts";

testScenarios(administration, { ticks: true });
