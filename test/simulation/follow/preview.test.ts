import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { landscape } from "../../../local/landscape.ts";
import type { EventsPreview } from "../../../src/domain/events/body.ts";
import { cloudEvent } from "../../support/armEvents.ts";
import { BASE, following, type FollowSimulation, onBase, openFollowing } from "../../support/simulation/following.ts";

let simulation: FollowSimulation;
beforeEach(async () => {
  simulation = await openFollowing([
    following("ubuntu-base", onBase),
    following("ubuntu-app", onBase, { coolDown: "2d" }),
    following("public-quickstart", onBase, null),
  ]);
});
afterEach(() => simulation.close());

const written = (version: string) =>
  cloudEvent({ source: `/subscriptions/${landscape.subscriptionId}`, subject: `${BASE}/versions/${version}` });

async function preview(...events: object[]) {
  const answer = await simulation.host.send({
    method: "POST",
    path: "/api/events/preview",
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(events),
  });
  expect(answer.status).toBe(200);
  return (JSON.parse(answer.body.toString()) as EventsPreview).events.map(({ kind, why, images = [] }) => [
    why === undefined ? kind : `${kind}: ${why}`,
    ...images.map(({ image, would, why: reason }) => `${image} ${would} ${reason}`),
  ]);
}

describe("a preview of events", () => {
  it("tells of each image what it would do and why, and starts nothing", async () => {
    const { publishBase, host, names } = simulation;
    await publishBase("1.9.0");
    await publishBase("1.10.0");
    await publishBase("2.0.0", true);
    await host.clock.sleep(3_600_000);
    const told = await preview(
      written("1.10.0"),
      written("1.9.0"),
      written("2.0.0"),
      written("3.0.0"),
      {},
      cloudEvent(),
    );
    const silent = "public-quickstart skip not-following";
    expect(told).toEqual([
      ["version", silent, "ubuntu-app wait cooling-down", "ubuntu-base start new-version"],
      ["version", silent, "ubuntu-app skip older", "ubuntu-base skip older"],
      ["version", silent, "ubuntu-app skip excluded", "ubuntu-base skip excluded"],
      ["version", silent, "ubuntu-app skip pulled", "ubuntu-base skip pulled"],
      ['invalid: specversion: Invalid input: expected "1.0"'],
      ["version"],
    ]);
    await host.clock.sleep(3_600_000);
    expect([...names("builds/"), ...names("follows/"), ...names("open/")]).toEqual([]);
    expect([...host.hub.instances.keys()]).toEqual([]);
  });

  it("waits for a version that is not replicated yet", async () => {
    await simulation.publishBase("1.0.0");
    expect(await preview(written("1.0.0"))).toMatchObject([
      ["version", expect.anything(), "ubuntu-app wait replicating", "ubuntu-base wait replicating"],
    ]);
  });
});
