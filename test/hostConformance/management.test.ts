import { testScenarios } from "./conformance.ts";
import { asking } from "./scenarios/asking.ts";
import { purging } from "./scenarios/purging.ts";
import { starting } from "./scenarios/starting.ts";
import { steering } from "./scenarios/steering.ts";

testScenarios([...starting, ...asking, ...steering, ...purging]);
