import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { serverCertificate } from "../../../local/azure/server/certificate.ts";
import { outgoing, type Resolve } from "../../../src/http/outgoing.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** @returns the port of a server on the loopback. */
async function serve(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A server that notes what it is asked. */
async function noting(answer: RequestListener): Promise<{ port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  return { port: await serve(server), seen };
}

/** A resolver that gives each answer once, and the last one for ever. */
function answering(...answers: string[][]): { resolve: Resolve; asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (name) => {
    const answer = answers[Math.min(asked.push(name), answers.length) - 1] ?? [];
    return Promise.resolve(answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
  };
  return { resolve, asked };
}

const to = (url: string, loopback = false) => ({ url, headers: { "content-type": "text/plain" }, body: "ü", loopback });

describe("an outgoing call", () => {
  it.each([
    ["link-local", "https://169.254.169.254/"],
    ["loopback", "https://127.0.0.1/"],
    ["IPv6 loopback", "https://[::1]/"],
    ["a decimal IP", "https://2130706433/"],
    ["an octal IP", "https://0177.0.0.1/"],
    ["a hexadecimal IP", "https://0xa9fea9fe/"],
    ["a mapped IP", "https://[::ffff:169.254.169.254]/"],
    ["NAT64", "https://[64:ff9b::169.254.169.254]/"],
    ["the platform's address", "https://168.63.129.16/"],
    ["a full-width IP", "https://１２７.0.0.1/"],
  ])("is not made to %s", async (_, url) => {
    const { resolve, asked } = answering(["8.8.8.8"]);
    await expect(outgoing({ resolve })(to(url))).rejects.toThrow(/has an address that is not a public one/);
    expect(asked).toEqual([]);
  });

  it("is not made to a name of which one of several addresses is private", async () => {
    const { resolve } = answering(["8.8.8.8", "10.0.0.4"]);
    await expect(outgoing({ resolve })(to("https://tickets.test/"))).rejects.toThrow(/not a public one/);
  });

  it("is not made to a name without addresses, nor without TLS", async () => {
    const { resolve } = answering([]);
    await expect(outgoing({ resolve })(to("https://tickets.test/"))).rejects.toThrow("tickets.test has no address.");
    await expect(outgoing({ resolve })(to("http://tickets.test/"))).rejects.toThrow("Only https is called.");
  });

  it("is not made to the loopback by the system's own resolver either", async () => {
    await expect(outgoing()(to("https://localhost/"))).rejects.toThrow(/not a public one/);
  });

  it("goes to this machine alone where that is allowed for development", async () => {
    const { resolve } = answering(["8.8.8.8"]);
    await expect(outgoing({ resolve })(to("http://tickets.test/", true))).rejects.toThrow(/not of this machine/);
    await expect(outgoing()(to("http://169.254.169.254/", true))).rejects.toThrow(/not of this machine/);
  });

  it("connects to the address that was checked, whatever the name means a moment later", async () => {
    const { port, seen } = await noting((_, response) => response.end());
    const { resolve, asked } = answering(["127.0.0.1"], ["10.0.0.4"]);
    const answer = await outgoing({ resolve })(to(`http://rebinding.test:${port}/hook`, true));
    expect(answer).toEqual({ status: 200 });
    expect(asked).toEqual(["rebinding.test"]);
    expect(seen[0]?.headers.host).toBe(`rebinding.test:${port}`);
  });

  it("is refused at the next attempt where the name has been rebound by then", async () => {
    const { port, seen } = await noting((_, response) => response.end());
    const { resolve } = answering(["127.0.0.1"], ["10.0.0.4"]);
    const send = outgoing({ resolve });
    await send(to(`http://rebinding.test:${port}/`, true));
    await expect(send(to(`http://rebinding.test:${port}/`, true))).rejects.toThrow(/not of this machine/);
    expect(seen).toHaveLength(1);
  });

  it("follows no redirect", async () => {
    const inside = await noting((_, response) => response.end());
    const { port } = await noting((_, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end(),
    );
    expect(await outgoing()(to(`http://127.0.0.1:${port}/`, true))).toEqual({ status: 307 });
    expect(inside.seen).toEqual([]);
  });

  it("tells when it may come again", async () => {
    const { port } = await noting((_, response) => response.writeHead(429, { "retry-after": "120" }).end());
    expect(await outgoing()(to(`http://127.0.0.1:${port}/`, true))).toEqual({ status: 429, retryAfter: "120" });
  });

  it("takes the status of an answer that never ends, and cuts it off", async () => {
    const cut: Promise<unknown>[] = [];
    const { port } = await noting((_, response) => {
      cut.push(once(response, "close"));
      const more = () => response.write("x".repeat(65_536), () => setImmediate(more));
      more();
    });
    expect(await outgoing()(to(`http://127.0.0.1:${port}/`, true))).toEqual({ status: 200 });
    await cut[0];
  });

  it("is given up where no answer comes, nor the name's addresses", async () => {
    const { port } = await noting(() => undefined);
    const impatient = outgoing({ timeoutMilliseconds: 100 });
    await expect(impatient(to(`http://127.0.0.1:${port}/`, true))).rejects.toThrow("no answer within 0.1 seconds");
    const lost = outgoing({ resolve: () => new Promise(() => {}), timeoutMilliseconds: 100 });
    await expect(lost(to("https://tickets.test/"))).rejects.toThrow("no answer within 0.1 seconds");
  });

  it("checks the certificate by the name, not by the address", async () => {
    const { key, cert, ca } = await serverCertificate();
    const port = await serve(createTlsServer({ key, cert }, (_, response) => response.end()));
    const { resolve } = answering(["127.0.0.1"]);
    const send = outgoing({ resolve, ca });
    expect(await send(to(`https://localhost:${port}/`, true))).toEqual({ status: 200 });
    await expect(send(to(`https://tickets.test:${port}/`, true))).rejects.toThrow(/tickets\.test/);
    await expect(outgoing({ resolve })(to(`https://localhost:${port}/`, true))).rejects.toThrow(/certificate/);
  });
});
