import { openSimulation } from "../test/support/simulation/simulation.ts";
import { setWorld } from "../test/support/simulation/world.ts";

const REQUESTS = 500;

/** What the archive is asked, and how many blobs are written, for one of many requests at once, until it is answered. */
export async function measureRequests(): Promise<{ answered: number; asked: number; written: number }> {
  // No build takes its first step, so that all that is seen is the door's.
  const simulation = await openSimulation(1, {
    wrapFunctions: (functions) => ({ ...functions, callOrchestrator: () => new Promise<never>(() => {}) }),
  });
  const { host, world } = simulation;
  let [asked, written] = [0, 0];
  const answer: typeof world.archive.answer = (call) => {
    asked++;
    if (call.method === "PUT") written++;
    return world.archive.answer(call);
  };
  setWorld({ ...world, archive: { ...world.archive, answer } });
  const headers = { "content-type": "application/json" };
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, () =>
      host.send({ method: "POST", path: "/api/images/aks-jumpbox/builds", headers, body: "{}" }),
    ),
  );
  await simulation.close();
  const answered = answers.filter(({ status }) => status === 202).length;
  return { answered, asked: asked / REQUESTS, written: written / REQUESTS };
}
