import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { chanceOf } from "../../local/chance.ts";
import { createTestHost } from "../../local/functionsHost/testing/testHost.ts";

const app = join(import.meta.dirname, "app");
const REQUESTS = 10_000;

const METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"];
const PATHS = [
  "/api/show /api/pick/{} /api/params/{}/{} /api/tail/{}/{} /api/bytes /api/answers/{} /api/{} /{}/{} //{} /",
  "/admin/functions/{} /admin/host/{} /admin/functions/{}/status /admin/{}/{}/{} /admin/host/systemkeys/{}",
  "/runtime/webhooks/durabletask/instances/{} /runtime/webhooks/durabletask/instances?{}={}&top={}",
  "/runtime/webhooks/durabletask/instances/{}/raiseEvent/{} /runtime/webhooks/durabletask/instances/{}/{}?reason={}",
  "/runtime/webhooks/durabletask/orchestrators/{}/{} /runtime/webhooks/durabletask/orchestrators/returnsInput/{}",
  "/runtime/webhooks/durabletask/entities/account/{}?op={} /runtime/webhooks/durabletask/{}/{}/{}",
  "/runtime/webhooks/eventgrid?functionName=onEvent /runtime/webhooks/eventgrid?functionName={} /runtime/webhooks/{}",
]
  .join(" ")
  .split(" ");
const PIECES =
  "one two %zz % %2F %00 .. . * {} [] @one @account@one äöü \ud83d code=x null -1 1e309 __proto__ constructor 2030-01-01 ?? && == ''".split(
    " ",
  );
const BODIES = [
  "",
  "{",
  "[]",
  "{}",
  "null",
  '"x"',
  "1e999",
  '[{"data":null}]',
  '{"input":{"a":[]}}',
  "\0\xff",
  "[[[[[[[[",
  '{"__proto__":1}',
];
const HEADERS = ["content-type", "x-functions-key", "aeg-event-type", "x-ms-continuation-token", "cookie"];
const VALUES = ["application/json", "text/plain", "Notification", "SubscriptionValidation", "%%%", "", "ä", "bnVsbA=="];

test(`${REQUESTS} random requests are answered, every one, and the host works afterwards`, async () => {
  const host = await createTestHost({
    app,
    env: { NIGHTLY: "0 30 1 * * *", "AzureWebJobs.everyTenSeconds.Disabled": "true" },
  });
  onTestFinished(host.close);
  const chance = chanceOf("random", "requests");
  const answers = new Map<number, number>();
  for (let count = 0; count < REQUESTS; count++) {
    const { status } = await host.send({
      method: chance.oneOf(METHODS),
      path: chance.oneOf(PATHS).replaceAll("{}", () => chance.oneOf(PIECES)),
      headers: { [chance.oneOf(HEADERS)]: chance.oneOf(VALUES), [chance.oneOf(HEADERS)]: chance.oneOf(VALUES) },
      body: chance.oneOf(BODIES),
    });
    answers.set(status, (answers.get(status) ?? 0) + 1);
  }
  // The test app's own answers and refusals, and nothing that a broken host would say.
  expect([...answers.keys()].toSorted((a, b) => a - b)).toEqual([200, 202, 400, 404, 410, 500]);
  expect(host.logs.filter((line) => /could not be run/.test(line))).toEqual([]);
  expect((await host.send({ path: "/api/show" })).status).toBe(200);
});
