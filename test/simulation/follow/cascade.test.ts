import { afterEach, describe, expect, it } from "vitest";
import {
  BASE,
  following,
  type FollowSimulation,
  on,
  onBase,
  openFollowing,
} from "../../support/simulation/following.ts";

let simulation: FollowSimulation;
afterEach(() => simulation.close());

const start = Date.parse("2030-06-01T12:00:00Z");
const FAMILY = ["ubuntu-base", "ubuntu-app", "public-quickstart"];
const family = [
  following("ubuntu-base", onBase),
  following("ubuntu-app", on("ubuntu-base")),
  following("public-quickstart", on("ubuntu-app")),
];

/** Each event comes twice, and up to ten minutes late. */
const subscribe = (schema: string) =>
  simulation.world.cloud.subscribeToEvents({
    endpoint: "http://localhost/api/events",
    schema,
    duplicates: 1,
    disorder: 600,
  });

describe("a new version of a gallery's base image", () => {
  it("builds three generations, each once and after the one before, however often and late its events come", async () => {
    simulation = await openFollowing(family, { start });
    const { until, publishBase, receipts, world, decided } = simulation;
    await subscribe("CloudEventSchemaV1_0");
    await publishBase("1.9.0");
    await publishBase("1.10.0");
    await until("2030-06-01T20:00:00Z");

    const builds = FAMILY.map((image) => receipts(image));
    expect(builds.map((all) => all.map(({ outcome, requested }) => [outcome.kind, requested.door]))).toEqual(
      FAMILY.map(() => [["built", "event"]]),
    );
    const [base, app, third] = builds.map(([receipt]) => receipt ?? expect.unreachable());
    expect(base?.source?.version).toBe("1.10.0");
    const made = (of: typeof base) =>
      of?.outcome.kind === "built" ? of.outcome.imageVersions[0]?.split("/").at(-1) : "";
    expect([app?.source?.version, third?.source?.version]).toEqual([made(base), made(app)]);
    // The events of the older version came after those of the newer one.
    expect(await decided("ubuntu-base")).toMatchObject([
      { kind: "skipped", why: "older", version: "1.9.0" },
      { kind: "started", source: BASE.toLowerCase(), version: "1.10.0", buildId: base?.buildId },
    ]);
    const runs = world.cloud
      .requests()
      .requests.filter(({ method, path }) => method === "POST" && /\/run\?/.test(path));
    const ranOf = (path: string) => FAMILY.find((image) => path.includes(`/imageTemplates/${image}-`));
    expect(runs.map(({ path }) => ranOf(path))).toEqual(FAMILY);
  });

  it("builds nothing of one that is excluded from latest until it is so no more", async () => {
    simulation = await openFollowing(family.slice(0, 1), { start });
    const { until, publishBase, receipts, decided } = simulation;
    await subscribe("EventGridSchema");
    await publishBase("1.0.0", true);
    await until("2030-06-01T14:00:00Z");
    expect(await decided("ubuntu-base")).toMatchObject([{ kind: "skipped", why: "excluded", version: "1.0.0" }]);
    await publishBase("1.0.0");
    await until("2030-06-01T16:00:00Z");
    expect(receipts("ubuntu-base").map(({ source }) => source?.version)).toEqual(["1.0.0"]);
  });
});

describe("a generation that fails", () => {
  it("stops its branch, and those below are told why until a version comes", async () => {
    simulation = await openFollowing(family, { start });
    const { until, publishBase, receipts, world, decided, build } = simulation;
    await subscribe("EventGridSchema");
    world.cloud.addFault({ scenario: "customizer-fails", customizer: "web-server" });
    await publishBase("1.0.0");
    await until("2030-06-01T20:00:00Z");
    expect(FAMILY.map((image) => receipts(image).map(({ outcome }) => outcome.kind))).toEqual([
      ["built"],
      ["failed"],
      [],
    ]);
    const [failed] = receipts("ubuntu-app");
    expect(await decided("public-quickstart")).toMatchObject([
      { kind: "stopped", why: "parent-failed", source: "ubuntu-app", version: failed?.buildId },
    ]);
    world.cloud.clearFaults();
    await build("ubuntu-app");
    await until("2030-06-02T04:00:00Z");
    expect(receipts("public-quickstart").map(({ outcome }) => outcome.kind)).toEqual(["built"]);
    expect((await decided("public-quickstart"))[0]).toMatchObject({ kind: "started" });
  });
});
