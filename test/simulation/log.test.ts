import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/sha256.ts";
import { putDocument } from "../support/faults/sweeping.ts";
import { openSimulation, receiptOf, type Simulation, startBuild, warmUp } from "../support/simulation/simulation.ts";

const MB = 2 ** 20;
let simulation: Simulation;
let id: string;
beforeAll(warmUp, 120_000);
beforeEach(async () => {
  simulation = await openSimulation(1);
  id = await startBuild(simulation.host, 1);
});
afterEach(() => simulation.close());

async function ask(query = "", headers: Record<string, string> = {}) {
  const {
    status,
    headers: sent,
    body,
  } = await simulation.host.send({
    method: "GET",
    path: `/api/builds/${id}/log${query}`,
    headers,
  });
  return { status, header: (name: string) => sent.get(name), body: body.toString() };
}

const kept = (file = "customization.log") =>
  simulation.world.archive.text("archive", `builds/aks-jumpbox/${id}/${file}`) ?? "";

/** Has the archive hold another log, of which the receipt tells. */
function putLog(text: string): void {
  const receipt = receiptOf(simulation.world, "aks-jumpbox", id);
  const file = { name: "customization.log", url: "https://archive/log", bytes: text.length, sha256: sha256(text) };
  const of = `builds/aks-jumpbox/${id}`;
  putDocument(simulation, `${of}/receipt.json`, { ...receipt, log: { kind: "archived", files: [file] } });
  const url = new URL(`http://archive/account/archive/${of}/customization.log`);
  simulation.world.archive.answer({ method: "PUT", url, headers: {}, body: Buffer.from(text) });
}

describe("the log of a build", () => {
  it("is refused while the run goes on, and read as soon as it is archived, before the build ends", async () => {
    const { host } = simulation;
    await host.clock.sleep(120_000);
    const early = await ask();
    expect([early.status, early.body]).toEqual([409, expect.stringContaining("log-not-archived")]);
    while (kept() === "") await host.clock.sleep(1000);
    await host.clock.sleep(5000);
    expect(receiptOf(simulation.world, "aks-jumpbox", id)).toBeUndefined();
    expect(await ask()).toMatchObject({ status: 200, body: kept() });
  });

  it("is plain text that no browser takes for more, whole or in parts", async () => {
    await simulation.host.instance(id);
    const text = kept();
    const whole = await ask();
    expect(whole).toMatchObject({ status: 200, body: text });
    expect(text.length).toBeGreaterThan(1000);
    expect(whole.header("content-type")).toBe("text/plain; charset=utf-8");
    expect(whole.header("x-content-type-options")).toBe("nosniff");

    const part = await ask("?file=customization.log", { range: "bytes=10-19" });
    expect(part).toMatchObject({ status: 206, body: text.slice(10, 20) });
    expect(part.header("content-range")).toBe(`bytes 10-19/${text.length}`);
    expect(await ask("", { range: "bytes=-7" })).toMatchObject({ status: 206, body: text.slice(-7) });
    expect(await ask("", { range: "bytes=0-1,5-6" })).toMatchObject({ status: 200, body: text });

    const etag = whole.header("etag") ?? "";
    expect(etag).toBe(`"${sha256(text)}"`);
    expect(await ask("", { "if-none-match": etag })).toMatchObject({ status: 304, body: "" });
    expect(await ask("", { range: "bytes=0-1", "if-range": etag })).toMatchObject({ status: 206 });
    expect(await ask("", { range: "bytes=0-1", "if-range": '"other"' })).toMatchObject({ status: 200 });
    const beyond = await ask("", { range: `bytes=${text.length}-` });
    expect([beyond.status, beyond.header("content-range")]).toEqual([416, `bytes */${text.length}`]);
  });

  it("is given in parts of 8 MiB, which say that they are, however much was asked for", async () => {
    await simulation.host.instance(id);
    const text = "0123456789abcdef".repeat(MB);
    putLog(text);
    let read = "";
    for (let range: string | undefined; read.length < text.length; range = `bytes=${read.length}-`) {
      const { status, header, body } = await ask("", range ? { range } : {});
      expect([status, body.length]).toEqual([206, 8 * MB]);
      expect(header("content-range")).toBe(`bytes ${read.length}-${read.length + 8 * MB - 1}/${16 * MB}`);
      read += body;
    }
    expect(sha256(read)).toBe(sha256(text));
  });

  it("is given whole where it is empty", async () => {
    await simulation.host.instance(id);
    putLog("");
    expect(await ask()).toMatchObject({ status: 200, body: "" });
    expect(await ask("", { range: "bytes=0-" })).toMatchObject({ status: 416 });
  });

  it.each(["?file=receipt.json", "?file=..%2Freceipt.json", "?file=", "?file=validation.log"])(
    "is no way to anything else that is archived: %s",
    async (query) => {
      await simulation.host.instance(id);
      const { status, body } = await ask(query);
      expect([status, body]).toEqual([404, expect.stringContaining("log-unknown")]);
    },
  );
});
