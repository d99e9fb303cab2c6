/** A month of nights, three images each, in a process of its own: how often the sweeper looks is read as the app loads. */
import { openSimulation } from "../test/support/simulation/simulation.ts";

const DAYS = 31;

const simulation = await openSimulation(30, {
  nightly: true,
  env: { GOLDSMITH_SWEEP_SCHEDULE: "0 0 * * * *" },
});
const started = performance.now();
await simulation.host.clock.sleep(DAYS * 24 * 3_600_000);
const seconds = (performance.now() - started) / 1000;
const builds = [...simulation.host.hub.instances.values()].filter(({ name }) => name === "buildImage").length;
await simulation.close();
console.log(JSON.stringify({ builds, seconds, timesReal: (DAYS * 24 * 3600) / seconds }));
