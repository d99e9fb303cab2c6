import { keepTrying } from "../../src/durable/keepTrying.ts";
import { followVersion } from "../../src/orchestrators/followVersion.ts";
import type { Functions } from "./orchestration.ts";

/** As an event tells it when runs begin. */
export const following = { source: "/images/base", version: "1.0.0", since: "2026-01-15T02:00:00.000Z", looked: 0 };

/** All that the engine needs to look after a version that replicates and then cools down for a day. */
export function followingFunctionsOf(changes: Functions["activities"] = {}): Functions {
  const answers = [{ waits: true }, { waits: true, until: "2026-01-16T02:00:00.000Z" }];
  return {
    orchestrators: [followVersion, keepTrying],
    entities: [],
    activities: { startFollowers: async () => answers.shift() ?? { waits: false }, ...changes },
  };
}
