import { testScenarios } from "./conformance.ts";
import { http } from "./scenarios/http.ts";

testScenarios(http);
