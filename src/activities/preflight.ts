import type { ArmReader } from "../azure/armReader.ts";
import { observeGround } from "../azure/ground.ts";
import type { Finding } from "../domain/failure.ts";
import type { Plan } from "../domain/plan.ts";
import { checkGround } from "../domain/preflight/checkGround.ts";

export function preflightActivities(reader: ArmReader) {
  return {
    /** Reads the ground that a build would stand on, and says what is in its way; changes nothing. */
    async checkGround(plan: Plan): Promise<Finding[]> {
      return checkGround(await observeGround(reader, plan));
    },
  };
}
