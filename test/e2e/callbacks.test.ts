import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { TestStack } from "../support/stack.ts";

const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

it("a receiver on this machine is told of a build by signed requests over a socket, in order", async () => {
  const told: { headers: Record<string, unknown>; body: string }[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      told.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const env = {
    GOLDSMITH_CALLBACK_TARGETS: JSON.stringify([{ origin, secretNames: ["OWN"], development: true }]),
    GOLDSMITH_CALLBACK_SECRET_OWN: KEY,
  };
  const stack = await TestStack.start({ env });
  try {
    const id = await stack.startBuild({ notify: [{ url: `${origin}/hook` }] });
    await stack.receiptOf(id);
    await expect.poll(() => told.length, { timeout: 60_000 }).toBe(3);
    for (const { headers, body } of told) {
      const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
      expect(headers["webhook-signature"]).toBe(new Webhook(KEY).sign(String(headers["webhook-id"]), at, body));
    }
    const events = told.map(({ body }) => JSON.parse(body) as { id: string; data: { links: { build: string } } });
    expect(events.map((event) => event.id)).toEqual([`${id}-accepted`, `${id}-started`, `${id}-finished`]);
    expect(events[0]?.data.links.build).toBe(`${stack.url}/api/builds/${id}`);
  } finally {
    await stack.stop();
    receiver.close();
  }
});
