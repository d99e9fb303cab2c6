import { afterEach, expect, it, vi } from "vitest";
import { archiveNames } from "../../../src/domain/archiveNames.ts";
import { forgetClaims } from "../../../src/functions/forgetClaims.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const DAY = 24 * 3_600_000;
afterEach(() => vi.useRealTimers());

it("forgets keys that have not counted for a day, a bounded number at a time, and no others", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-01-01T00:00:00Z") });
  const archive = await memoryArchive();
  const write = (names: string[]) => Promise.all(names.map((name) => archive.writeJson(name, {})));
  await write(Array.from({ length: 250 }, (_, index) => archiveNames.claim(`old-${index}`)));
  await write(["images/web-1.json"]);
  vi.setSystemTime(Date.now() + 2 * DAY);
  await write([archiveNames.claim("young")]);

  const after = new Date(Date.now() + 6 * DAY + 2000);
  await forgetClaims(archive, after);
  expect(await archive.names(archiveNames.claims)).toHaveLength(51);
  await forgetClaims(archive, after);
  expect(await archive.names("")).toEqual(["images/web-1.json", archiveNames.claim("young")]);
});
