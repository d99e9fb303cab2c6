import { expect, it } from "vitest";
import { createOutbox } from "../../src/activities/notices.ts";
import { toldOf } from "../../src/domain/callbacks/notify.ts";
import type { Notice } from "../../src/domain/callbacks/notice.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import type { Engine } from "../../src/durable/activities.ts";
import { deliverNotices } from "../../src/orchestrators/deliverNotices.ts";
import { request } from "../support/plan.ts";
import { memoryArchive } from "../support/simulation/memoryArchive.ts";

it("what a build has left behind is told after its end, also where nothing can deliver it yet", async () => {
  const archive = await memoryArchive();
  const errors: string[] = [];
  const client = { getStatus: () => Promise.reject(new Error("the engine is down")) };
  const engine = { client, error: (text: string) => errors.push(text) } as unknown as Engine;
  const outbox = createOutbox(archive, { installationId: "test", serviceUrl: "" }, deliverNotices);
  const { buildId, image } = request;
  const receipt = {
    buildId,
    image,
    requested: { door: "http", notify: [{ url: "https://tickets.test/" }] },
    endedAt: "2026-01-15T02:31:09.000Z",
    outcome: { kind: "built", imageVersions: [], runSeconds: 1 },
    cleanUp: { kind: "leftovers", leftovers: [{ id: "/left", why: "stuck" }] },
  } as unknown as Receipt;

  await outbox.giveEnd(receipt, engine);
  await outbox.giveEnd(receipt, engine);

  const names = (await archive.names("notices/")).toSorted();
  expect(names).toEqual([
    `notices/pending/${buildId}/0-3-finished.json`,
    `notices/pending/${buildId}/0-4-leftovers.json`,
  ]);
  const last = (await archive.readJson(names[1] ?? ""))?.value as Notice | undefined;
  expect(JSON.parse(last?.body ?? "")).toMatchObject({
    data: { leftovers: { count: 1, first: [{ id: "/left", why: "stuck" }] } },
  });
  expect(errors[0]).toContain("wait for the next tick");
});

it("a request adds to whom the recipe tells, and counts where both name the same URL", () => {
  const [a, b] = ["https://a.test/", "https://b.test/"];
  expect(toldOf()).toEqual({});
  expect(toldOf([{ url: a }], undefined)).toEqual({ notify: [{ url: a }] });
  expect(toldOf([{ url: a }, { url: b }], [{ url: a, events: ["finished"] }])).toEqual({
    notify: [{ url: b }, { url: a, events: ["finished"] }],
  });
});
