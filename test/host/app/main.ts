/** A small app with a function for every behaviour that the tests look at. Registered anew by each host that loads it. */
import { registerActivities } from "./activities.ts";
import { registerEntities } from "./entities.ts";
import { registerEventGrid } from "./eventGrid.ts";
import { registerHttp } from "./http.ts";
import { registerOrchestrators } from "./orchestrators.ts";
import { registerTimers } from "./timers.ts";

registerHttp();
registerTimers();
registerActivities();
registerEntities();
registerEventGrid();
registerOrchestrators();
