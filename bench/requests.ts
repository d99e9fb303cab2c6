/** What the archive is asked, and how many blobs are written, for one of many requests at once, until it is answered. */
import { openSimulation } from "../test/support/simulation/simulation.ts";
import { setWorld } from "../test/support/simulation/world.ts";
import { type Figure, ofSeeds } from "./figure.ts";

const REQUESTS = 500;

const SEED = 1;

export async function measure(): Promise<Figure[]> {
  // No build takes its first step, so that all that is seen is the door's.
  const simulation = await openSimulation(SEED, {
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
  const refused = answers.filter(({ status }) => status !== 202).length;
  return ofSeeds(SEED, [
    {
      id: "requests-refused",
      what: "requests in one moment that are not accepted",
      figure: refused,
      note: `of ${REQUESTS}`,
      target: { atMost: 0 },
      counted: true,
    },
    {
      id: "requests-written",
      what: "blobs written for each",
      figure: written / REQUESTS,
      note: "before it is answered",
      target: { atMost: 2 },
      counted: true,
    },
    {
      id: "requests-asked",
      what: "storage requests for each",
      figure: asked / REQUESTS,
      note: "of the archive's",
      target: { atMost: 2 },
      counted: true,
    },
  ]);
}
