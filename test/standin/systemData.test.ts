import { afterAll, beforeAll, expect, it } from "vitest";
import { operatorIdentity, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids, rawTemplate, readyTemplate } from "../support/cloudTemplates.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
  await readyTemplate(cloud, "t");
});
afterAll(() => cloud.close());

const TAGS = "/providers/Microsoft.Resources/tags/default?api-version=2021-04-01";
const merge = { operation: "Merge", properties: { tags: { by: "tags" } } };
const changedTime = async () => {
  const listed = await cloud.send("GET", `${ids.templateGroup}/resources?api-version=2021-04-01&$expand=changedTime`);
  return listed.body.value[0].changedTime;
};

it.each<[string, string, string, object]>([
  ["its tags", "PATCH", "?api-version=2025-10-01", { tags: { a: "b" } }],
  ["its machine", "PATCH", "?api-version=2025-10-01", { properties: { vmProfile: { vmSize: "Standard_D4s_v5" } } }],
  ["its tags alone", "PATCH", TAGS, merge],
])(
  "a template tells who has changed %s last, and when, and not who made it otherwise",
  async (_, method, path, body) => {
    const { systemData: before } = await rawTemplate(cloud, "t");
    const changedBefore = await changedTime();
    expect(before.createdBy).toBe(serviceIdentity.clientId);
    await cloud.pass(60);
    expect((await cloud.send(method, ids.template("t") + path, { body })).status).toBeLessThan(300);
    const { systemData: after } = await rawTemplate(cloud, "t");
    const { lastModifiedAt, ...others } = after;
    const { lastModifiedAt: was, ...kept } = before;
    expect(others).toEqual({ ...kept, lastModifiedBy: operatorIdentity.clientId });
    expect(Date.parse(lastModifiedAt) - Date.parse(was)).toBeGreaterThanOrEqual(60_000);
    expect(await changedTime()).not.toBe(changedBefore);
    await cloud.pass(60);
  },
);
