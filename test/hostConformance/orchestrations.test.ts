import { testScenarios } from "./conformance.ts";
import { continueAsNew, fanOuts, subOrchestrations } from "./scenarios/compositions.ts";
import { data } from "./scenarios/data.ts";
import { failures, sequences } from "./scenarios/sequences.ts";
import { events, timers } from "./scenarios/timersAndEvents.ts";

testScenarios([
  ...sequences,
  ...failures,
  ...timers,
  ...events,
  ...fanOuts,
  ...subOrchestrations,
  ...continueAsNew,
  ...data,
]);
