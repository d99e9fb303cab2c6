import { expect, onTestFinished, test } from "vitest";
import { installClock } from "../../local/clock/installClock.ts";
import { stateClock } from "../../local/clock/stateClock.ts";
import { startHostProcess, stateFolder } from "../support/hostProcess.ts";
import { APP, play, probedHost, recordingOf } from "./conformance.ts";
import { compare } from "./probe/compare.ts";
import { afterKill, beforeKill } from "./scenarios/recovery.ts";

/** Local seconds in a real one: few enough that the kill comes between a failure and its retry, 8 seconds later. */
const SPEED = 5;
/** The real host waits five minutes before it runs an activity in flight again; how long is not compared. */
const REDELIVERY = ["--redelivery", "30"];
/** Milliseconds: until a timer is overdue. */
const OUTAGE = 8_000;

const probed = ({ url }: { url: string }) => probedHost({ url, masterKey: "no key is asked for" });

test("after a kill -9 everything goes on as on the real host", async () => {
  const folder = stateFolder(SPEED);
  const clock = stateClock(folder);
  onTestFinished(installClock(clock));
  onTestFinished(() => clock.close());
  const start = () => startHostProcess({ app: APP, stateFolder: folder, args: REDELIVERY });

  const first = await start();
  await play({ name: "recovery-before", run: beforeKill }, await probed(first));
  await first.kill();
  await clock.sleep(OUTAGE);
  const second = await start();
  const after = await play({ name: "recovery-before", run: afterKill }, await probed(second));
  expect(compare("recovery-after", recordingOf("recovery-after"), after)).toEqual([]);
});
