import { afterEach, expect, it } from "vitest";
import { following, type FollowSimulation, openFollowing } from "../../support/simulation/following.ts";

let simulation: FollowSimulation;
afterEach(() => simulation.close());

const start = Date.parse("2030-06-01T12:00:00Z");
const sku = (offer: string, name: string) => ({
  type: "PlatformImage" as const,
  publisher: "Canonical",
  offer,
  sku: name,
  version: "latest",
});
const [NOBLE, MINIMAL, JAMMY] = [
  sku("ubuntu-24_04-lts", "server"),
  sku("ubuntu-24_04-lts", "minimal"),
  sku("ubuntu-22_04-lts", "server"),
];
const cool = { coolDown: "2d" };
const LISTS = /\/skus\/[^/]+\/versions\?/;

const listed = () =>
  simulation.world.cloud.requests().requests.filter(({ path }) => LISTS.test(path) && !path.includes("$top"));
const publish = ({ type: _, ...image }: typeof NOBLE, version: string) =>
  simulation.world.cloud.publishPlatformImage({ ...image, version });
const withdraw = ({ type: _, ...image }: typeof NOBLE, version: string) =>
  simulation.world.cloud.withdrawPlatformImage({ ...image, version });

it("lists each source once an hour, however many images follow it", async () => {
  simulation = await openFollowing(
    [
      following("ubuntu-base", NOBLE, cool),
      following("public-quickstart", { ...NOBLE, publisher: "canonical" }, cool),
      following("night-one", MINIMAL, cool),
      following("night-two", JAMMY, cool),
    ],
    { start },
  );
  await simulation.until("2030-06-01T22:00:00Z");
  expect(listed()).toHaveLength(30);
  expect(simulation.names("builds/")).toEqual([]);
});

it("builds on the highest number once it has cooled down, once, and never on one that is pulled meanwhile", async () => {
  simulation = await openFollowing([following("night-one", NOBLE, cool)], { start });
  const { until, receipts, decided } = simulation;
  const versions = () => receipts("night-one").map(({ source }) => source?.version);
  await until("2030-06-01T13:00:00Z");
  publish(NOBLE, "24.04.1000000000");
  await until("2030-06-02T13:00:00Z");
  publish(NOBLE, "24.04.999999999");
  expect((await decided("night-one"))[0]).toMatchObject({
    kind: "waiting",
    why: "cooling-down",
    version: "24.04.1000000000",
    until: "2030-06-03T13:17:00.000Z",
  });
  await until("2030-06-03T20:00:00Z");
  expect(versions()).toEqual(["24.04.1000000000"]);

  publish(NOBLE, "24.04.1000000001");
  await until("2030-06-04T20:00:00Z");
  withdraw(NOBLE, "24.04.1000000001");
  await until("2030-06-07T20:00:00Z");
  expect(versions()).toEqual(["24.04.1000000000"]);
  // It comes again, and cools down again.
  publish(NOBLE, "24.04.1000000001");
  await until("2030-06-09T20:00:00Z");
  expect(versions()).toHaveLength(1);
  await until("2030-06-10T04:00:00Z");
  expect(versions()).toEqual(["24.04.1000000000", "24.04.1000000001"]);
});

it("keeps to itself what Azure says where it does not list the versions, and logs the code", async () => {
  simulation = await openFollowing([following("night-one", NOBLE, cool)], { start });
  const refusal = { status: 400, code: "BadThing", message: "WORDS OF AZURES" } as const;
  simulation.world.cloud.addFault({ method: "GET", path: "/skus/[^/]+/versions$", ...refusal });
  await simulation.until("2030-06-01T13:00:00Z");
  const told = simulation.host.logs.join("\n");
  expect(told).toMatch(/"event":"watch failed".*"code":"BadThing"/);
  expect(told).not.toContain(refusal.message);
});
