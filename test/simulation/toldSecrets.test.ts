import { beforeAll, expect, it } from "vitest";
import { HOUR, MINUTE, onStage } from "../support/faults/stage.ts";
import { ticketSystem } from "../support/simulation/receiver.ts";
import { UNSEEN_SECRET } from "../support/simulation/recipes.ts";
import { CALLBACK_KEYS, TICKETS, warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

const SIGNATURE = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE%3D";
const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ0aGUgYnVpbGRlciJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";
const API_KEY = "gsk_planted-api-key-0123456789abcdefghijklmnop";
const HOOK_CODE = "planted-code-of-the-callback";
const PASSWORD = "correct-horse-battery-staple";

/** What Azure might say of a thing that it does not like, with all that it was sent. */
const MESSAGE =
  `The source https://stgold.blob.core.windows.net/vhds/a.vhd?sv=2024&sig=${SIGNATURE} cannot be read with ` +
  `Bearer ${TOKEN}; AccountKey=${PASSWORD}${PASSWORD}${PASSWORD}==; password=${PASSWORD}.`;

it("holds no secret that came by a recipe, a request, a callback, a token or an answer of Azure's, whatever is told", async () => {
  const tickets = ticketSystem(({ told }) => ({ status: told.length < 3 ? 500 : 410, headers: {} }));
  const evidence: string[] = [];
  await onStage(tickets, async (stage) => {
    const { world, host } = stage;
    for (const [method, path] of [
      ["GET", "virtualNetworks"],
      ["PUT", "roleAssignments"],
      ["DELETE", "imageTemplates/[^/]+$"],
    ] as const)
      world.cloud.addFault({
        method,
        path,
        kind: "respond",
        status: 403,
        code: "Forbidden",
        message: MESSAGE,
        count: 3,
        after: 1,
      });
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${TOKEN}`,
      "x-goldsmith-key": API_KEY,
      traceparent: `00-${PASSWORD}-00f067aa0ba902b7-01`,
    };
    const notify = [{ url: `${TICKETS}/hook/${HOOK_CODE}` }];
    for (const image of ["aks-jumpbox", "unseen-secret"]) {
      const path = `/api/images/${image}/builds`;
      const body = JSON.stringify({ notify, reason: "planted" });
      const answer = await host.send({ method: "POST", path, headers, body });
      expect(answer.status, answer.body.toString()).toBe(202);
      const { id } = JSON.parse(answer.body.toString()) as { id: string };
      await stage.ended(id);
    }
    await host.send({ method: "GET", path: `/api/images/aks-jumpbox/plan?sig=${SIGNATURE}`, headers, body: "" });
    await stage.sleep(2 * HOUR + 12 * MINUTE);
    const spans = world.told.spans();
    const figures = await world.told.figures();
    expect(spans.length).toBeGreaterThan(50);
    expect(figures.length).toBeGreaterThan(10);
    expect(host.logs.join("\n")).toContain('"event":"build ended"');
    evidence.push(
      JSON.stringify(
        spans.map((span) => [
          span.name,
          span.attributes,
          span.events,
          span.links,
          span.status,
          span.resource.attributes,
        ]),
      ),
      JSON.stringify(figures),
      host.logs.join("\n"),
    );
    const secrets = {
      SIGNATURE,
      TOKEN,
      API_KEY,
      HOOK_CODE,
      PASSWORD,
      UNSEEN_SECRET,
      ...CALLBACK_KEYS,
      ...world.tokens,
      operator: world.operatorToken,
      archive: "AccountKey=a2V5",
    };
    for (const [name, secret] of Object.entries(secrets)) {
      for (const [index, told] of evidence.entries()) {
        expect(told.includes(secret), `${name} in ${["spans", "figures", "the log"][index]}`).toBe(false);
      }
    }
  });
});
