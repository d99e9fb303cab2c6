import { expect, it } from "vitest";
import { closingActivities } from "../../src/activities/closeBuild.ts";
import { ledger } from "../../src/azure/ledger.ts";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import type { Engine } from "../../src/durable/activities.ts";
import { request, samplePlan } from "../support/plan.ts";
import { memoryArchive } from "../support/simulation/memoryArchive.ts";

it("the receipt of a build that was lost has its parameters as they were asked for, and as they were planned", async () => {
  const archive = await memoryArchive();
  const { buildId, image } = request;
  const asked = { kubectl: "1.34.1" };
  const planned = { ...asked, debug: false, size: 2 };
  await archive.writeJson(archiveNames.open(buildId), { ...request, parameters: asked });
  await archive.writeJson(archiveNames.plan(image, buildId), { ...samplePlan(), parameters: planned });

  const client = { getStatus: () => Promise.resolve(undefined) };
  await closingActivities(
    archive,
    ledger(archive, "test"),
    () => Promise.resolve(),
    () => {},
  ).closeBuild({ buildId, leftovers: [] }, {
    client,
  } as unknown as Engine);

  expect((await archive.readJson(archiveNames.receipt(image, buildId)))?.value).toMatchObject({
    requested: { parameters: asked },
    parameters: planned,
  });
});
