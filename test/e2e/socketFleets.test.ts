import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenFleetInvariants } from "../support/simulation/fleetInvariants.ts";
import { openSocketGround, type SocketGround } from "../support/simulation/sockets/socketFleet.ts";

/** `npm run test:faults` has ten fleets, and so two hundred builds. */
const FLEETS = process.env.FAULTS === "all" ? 10 : 1;

let ground: SocketGround;
beforeAll(async () => (ground = await openSocketGround()), 60_000);
afterAll(() => ground.close());

describe("a fleet of twenty images over real sockets, a tenth of Azure's answers faulty", () => {
  it.each(Array.from({ length: FLEETS }, (_, index) => index + 1))(
    `keeps its promises though its host is killed with SIGKILL at random moments: fleet %i of ${FLEETS}`,
    async (seed) => {
      const fleet = await ground.simulate(seed);
      expect(fleet.builds.length).toBeGreaterThanOrEqual(20);
      expect(fleet.kills).toBeGreaterThanOrEqual(4);
      expect(brokenFleetInvariants(fleet)).toEqual([]);
    },
    600_000,
  );
});
