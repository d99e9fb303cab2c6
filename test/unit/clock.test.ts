import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { installClock } from "../../local/clock/installClock.ts";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import { spedUpClock } from "../../local/clock/spedUpClock.ts";

/** Answers after a while of real time, and tells its port. */
const SLOW_SERVER = `
  const server = require("node:http").createServer((_, response) => setTimeout(() => response.end("late"), 600));
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

/** Asks somebody who takes connections and says nothing; its real clock is wound forward to where it gives up. */
const WAITS_FOR_EVER = `
  import { createServer } from "node:net";
  const { skippingClock } = await import("../../local/clock/skippingClock.ts");
  const silent = createServer(() => {}).listen(0, "127.0.0.1", () => {
    skippingClock(0).setTimeout(() => console.log("went on"), 1000);
    fetch("http://127.0.0.1:" + silent.address().port + "/never").catch(() => {});
    const real = performance.now.bind(performance);
    setTimeout(() => (performance.now = () => real() + 30_000), 100);
  });`;

const bodyOf = (url: string) =>
  new Promise<string>((resolve, reject) => {
    get(url, (response) => void text(response).then(resolve, reject)).on("error", reject);
  });

describe("skippingClock", () => {
  it("goes to each due time in order, without waiting for it", async () => {
    const clock = skippingClock(0);
    const seen: [string, number][] = [];
    clock.setTimeout(() => seen.push(["an hour", clock.now()]), 3_600_000);
    clock.setTimeout(() => seen.push(["a minute", clock.now()]), 60_000);
    await clock.sleep(86_400_000);
    clock.close();
    expect(seen).toEqual([
      ["a minute", 60_000],
      ["an hour", 3_600_000],
    ]);
    expect(clock.now()).toBe(86_400_000);
  });

  it("stands still while a file is read", async () => {
    const clock = skippingClock(0);
    const file = join(mkdtempSync(join(tmpdir(), "clock-")), "large");
    writeFileSync(file, Buffer.alloc(30_000_000));
    void clock.sleep(1000);
    await readFile(file);
    expect(clock.now()).toBe(0);
    rmSync(dirname(file), { recursive: true });
    clock.close();
  });

  it("stands still while a request is on its way to somebody else and back, however long that takes", async () => {
    const other = spawn(process.execPath, ["-e", SLOW_SERVER], { stdio: ["ignore", "pipe", "inherit"] });
    const [port] = (await once(other.stdout.setEncoding("utf8"), "data")) as [string];
    const clock = skippingClock(0);
    void clock.sleep(1000);
    for (const ask of [
      () => fetch(`http://127.0.0.1:${Number(port)}`),
      () => bodyOf(`http://127.0.0.1:${Number(port)}`),
    ]) {
      await ask();
      expect(clock.now()).toBe(0);
    }
    clock.close();
    other.kill();
  });

  it("goes on while a server of this process waits for time with a request in its hands", async () => {
    const clock = skippingClock(0);
    const server = createServer(
      (_, response) => void clock.sleep(90_000).then(() => response.end(String(clock.now()))),
    ).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await fetch(url, { method: "POST", body: "{}" })).text()).toBe("90000");
    expect(await bodyOf(url)).toBe("180000");
    clock.close();
    server.close();
  });

  it("says so where a request is never answered, instead of standing still for ever or going on regardless", () => {
    const { stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", WAITS_FOR_EVER], {
      encoding: "utf8",
      cwd: import.meta.dirname,
    });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/Time cannot go on: GET .*\/never has had no answer for 30 real seconds/);
  });

  it("does not fire a cancelled timeout", async () => {
    const clock = skippingClock(0);
    let fired = false;
    clock.setTimeout(() => (fired = true), 1000).cancel();
    await clock.sleep(5000);
    clock.close();
    expect(fired).toBe(false);
  });
});

describe("spedUpClock", () => {
  it("is never before a timeout's due time when it fires", async () => {
    const clock = spedUpClock({ real: Date.now(), local: 1_000_000, speed: 1000 });
    const due = clock.now() + 2500;
    await clock.sleep(2500);
    clock.close();
    expect(clock.now()).toBeGreaterThanOrEqual(due);
  });

  it("agrees with another clock of the same epoch", () => {
    const epoch = { real: Date.now() - 1000, local: 0, speed: 60 };
    const [one, other] = [spedUpClock(epoch), spedUpClock(epoch)];
    expect(Math.abs(one.now() - other.now())).toBeLessThan(60 * 50);
  });
});

describe("installClock", () => {
  it("gives Date and timers the clock's time, and puts the originals back", async () => {
    const clock = skippingClock(Date.UTC(2030, 0, 1));
    const original = Date;
    const uninstall = installClock(clock);
    try {
      const before = new Date();
      expect(before.toISOString()).toBe("2030-01-01T00:00:00.000Z");
      expect(before).toBeInstanceOf(original);
      expect(new Date(0).getTime()).toBe(0);
      expect(new Date(2030, 0, 1)).toEqual(new original(2030, 0, 1));
      expect(new original()).toBeInstanceOf(Date);
      expect(Date()).toBe(before.toString());
      expect(Date.parse("1970-01-01T00:00:00Z") + Date.UTC(1970, 0, 1)).toBe(0);
      class Named extends Date {}
      expect(new Named()).toBeInstanceOf(Named);
      expect(new Named()).toEqual(before);
      let ticks = 0;
      const interval = setInterval(() => ticks++, 1000);
      await new Promise((resolve) => setTimeout(resolve, 10_500));
      clearInterval(interval);
      expect(Date.now() - before.getTime()).toBe(10_500);
      expect(ticks).toBe(10);
    } finally {
      uninstall();
      clock.close();
    }
    expect(Date).toBe(original);
  });
});
