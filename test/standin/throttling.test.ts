import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type Identity, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";

async function times<T>(count: number, send: () => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let at = 0; at < count; at++) answers.push(await send());
  return answers;
}

/** Requests at the same moment: the cloud's time stands still while one is under way. */
describe("throttling", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const read = (as: Identity = operatorIdentity) =>
    cloud.send("GET", `${ids.imageGroup}?api-version=2021-04-01`, { as, token });
  const write = () => cloud.send("PATCH", `${ids.definition}?api-version=2024-03-03`, { token, body: { tags: {} } });
  let token: string;
  beforeEach(async () => (token = await cloud.tokenOf(operatorIdentity)));
  it("counts calls of the tenant apart from those of the subscription", async () => {
    await times(251, read);
    const operations = "/providers/Microsoft.VirtualMachineImages/operations?api-version=2024-02-01";
    expect((await cloud.send("GET", operations, { token })).status).toBe(200);
  });

  it("lets 250 reads through, then says how long to wait, and lets 25 through a second later", async () => {
    const answers = await times(251, read);
    expect(answers[0]?.headers.get("x-ms-ratelimit-remaining-subscription-reads")).toBe("249");
    expect(answers.slice(0, 250).every(({ status }) => status === 200)).toBe(true);
    const refused = answers[250];
    expect(refused).toMatchObject({
      status: 429,
      body: {
        error: {
          code: "SubscriptionRequestsThrottled",
          message: expect.stringMatching(/Please try again after '1' seconds/),
        },
      },
    });
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect(refused?.headers.get("x-ms-ratelimit-remaining-subscription-reads")).toBe("0");
    await cloud.pass(1);
    expect((await times(26, read)).map(({ status }) => status).filter((status) => status === 200)).toHaveLength(25);
  });

  const remove = () =>
    cloud.send("DELETE", `${ids.imageGroup}/providers/Microsoft.Compute/images/none?api-version=2024-07-01`, { token });
  it.each([
    ["writes", write],
    ["deletes", remove],
  ])("lets 200 %s through, and 10 a second later", async (kind, send) => {
    const answers = await times(201, send);
    expect(answers[0]?.headers.get(`x-ms-ratelimit-remaining-subscription-${kind}`)).toBe("199");
    expect(answers[0]?.headers.get(`x-ms-ratelimit-remaining-subscription-global-${kind}`)).toBe("2999");
    expect(answers.findIndex(({ status }) => status === 429)).toBe(200);
    await cloud.pass(1);
    expect((await times(11, send)).findIndex(({ status }) => status === 429)).toBe(10);
  });

  it("counts writes, deletes and reads apart, and each caller apart from others", async () => {
    await times(200, write);
    expect([(await write()).status, (await remove()).status, (await read()).status]).toEqual([429, 204, 200]);
    token = await cloud.tokenOf(builderIdentity);
    expect((await write()).status).toBe(403);
  });
});
