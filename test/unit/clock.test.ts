import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { installClock } from "../../local/clock/installClock.ts";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import { spedUpClock } from "../../local/clock/spedUpClock.ts";

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
