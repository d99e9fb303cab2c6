import { describe, expect, it } from "vitest";
import { Readable } from "node:stream";
import { rawLogs } from "../../src/azure/rawLogs.ts";
import { memoryArchives } from "../support/simulation/memoryArchive.ts";
import { openSimulation, receiptOf, startBuild } from "../support/simulation/simulation.ts";
import { ARCHIVE_ORIGIN, type World } from "../support/simulation/world.ts";

const WEEK = 7 * 24 * 3_600_000;

/** Puts a container, or a blob in one. */
function put(world: World, path: string): void {
  const url = new URL(`${ARCHIVE_ORIGIN}/account/${path}`);
  const headers: Record<string, string> = path.includes("/") ? { "x-ms-blob-type": "BlockBlob" } : {};
  world.archive.answer({ method: "PUT", url, headers, body: Buffer.from(path.includes("/") ? "{}" : "") });
}

it("keeps logs as they are for a week where that is asked for, and redacted ones and all else for good", async () => {
  const env = { GOLDSMITH_RAW_LOG_CONTAINER: "rawlogs", GOLDSMITH_SWEEP_SCHEDULE: "0 0 */6 * * *" };
  const { world, host, close } = await openSimulation(1, { env });
  try {
    put(world, "rawlogs");
    world.cloud.addFault({ scenario: "customizer-fails", customizer: "helm", line: "export DB_PASSWORD=hunter2" });
    const id = await startBuild(host, 1);
    await host.instance(id);

    const name = `builds/aks-jumpbox/${id}/customization.log`;
    const log = receiptOf(world, "aks-jumpbox", id)?.log;
    expect(log).toMatchObject({ kind: "archived", files: [{ rawUrl: `${ARCHIVE_ORIGIN}/account/rawlogs/${name}` }] });
    expect(world.archive.text("rawlogs", name)).toContain("DB_PASSWORD=hunter2");
    expect(world.archive.text("archive", name)).toContain("DB_PASSWORD=[redacted]");
    expect(JSON.stringify([...host.hub.instances.values()])).not.toContain("hunter2");

    // A build of before, when the settings named another container.
    const former = "builds/aks-jumpbox/aks-jumpbox-20291231-020000-aaaa/customization.log";
    for (const path of ["formerlogs", `formerlogs/${former}`, "archive/raw-logs/formerlogs.json"]) put(world, path);

    const other = `builds/aks-jumpbox/${id}/somebody-elses.json`;
    put(world, `rawlogs/${other}`);

    await host.clock.sleep(WEEK - 12 * 3_600_000);
    expect(world.archive.names("rawlogs")).toEqual([name, other]);
    expect(world.archive.names("formerlogs")).toEqual([former]);
    expect(world.archive.names("archive")).toContain("raw-logs/rawlogs.json");
    await host.clock.sleep(24 * 3_600_000);
    expect(world.archive.names("rawlogs")).toEqual([other]);
    expect(world.archive.names("formerlogs")).toEqual([]);
    expect(world.archive.names("archive")).not.toContain("raw-logs/formerlogs.json");
    expect(world.archive.text("archive", name)).toBeDefined();
  } finally {
    await close();
  }
});

it("says in the log where they are not kept, since their container is not there, and builds all the same", async () => {
  const { world, host, close } = await openSimulation(1, { env: { GOLDSMITH_RAW_LOG_CONTAINER: "rawlogs" } });
  try {
    const id = await startBuild(host, 1);
    await host.instance(id);
    const { outcome, log } = receiptOf(world, "aks-jumpbox", id) ?? {};
    expect(outcome?.kind).toBe("built");
    expect(log).toMatchObject({
      kind: "archived",
      files: [expect.not.objectContaining({ rawUrl: expect.anything() })],
    });
    const lines = host.logs.filter((line) => line.includes('"raw log not kept"'));
    expect(lines.map((line) => JSON.parse(line.slice(line.indexOf("{"))) as object)).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/customization\.log .* GOLDSMITH_RAW_LOG_CONTAINER: ContainerNotFound$/),
        buildId: id,
        step: "archiveLogs",
        setting: "GOLDSMITH_RAW_LOG_CONTAINER",
        code: "ContainerNotFound",
      }),
    ]);
  } finally {
    await close();
  }
});

const read = async () => Readable.from(["DB_PASSWORD=hunter2"]);

describe("raw logs that are there when none are kept any more", () => {
  const LOG = "builds/aks-jumpbox/aks-jumpbox-20260115-020000-test/customization.log";
  const LATER = new Date(Date.now() + WEEK);
  const EARLIER = new Date(0);

  async function switchedOff() {
    const open = await memoryArchives("archive", "rawlogs", "otherlogs");
    const settings = { archiveContainer: "archive" };
    const of = (rawLogContainer?: string) => rawLogs(open("archive"), open, { ...settings, rawLogContainer });
    await open("archive").writeText(LOG, await read());
    for (const container of ["rawlogs", "otherlogs"]) expect(await of(container).keep(LOG, read)).toContain(container);
    return { open, off: of() };
  }

  it("go when their time has come, from every container that has ever been used, and nothing else", async () => {
    const { open, off } = await switchedOff();
    await open("rawlogs").writeJson("builds/aks-jumpbox/somebody-elses.json", {});
    expect(await off.purge(EARLIER)).toBe(0);
    expect(await open("rawlogs").names("")).toContain(LOG);

    expect(await off.purge(LATER)).toBe(2);
    expect(await open("rawlogs").names("")).toEqual(["builds/aks-jumpbox/somebody-elses.json"]);
    expect(await open("otherlogs").names("")).toEqual([]);
    expect(await open("archive").names("")).toEqual([LOG]);
    expect(await off.keep(LOG, read)).toBe("");
  });

  it("go after one look at each container, for which the storage is paid", async () => {
    const { open } = await switchedOff();
    const looks: string[] = [];
    const watched = (container: string) => {
      const { list, names, namesBefore, ...others } = open(container);
      const noted =
        <Asked extends unknown[], T>(ask: (...asked: Asked) => T) =>
        (...asked: Asked): T => {
          looks.push(container);
          return ask(...asked);
        };
      return { ...others, list: noted(list), names: noted(names), namesBefore: noted(namesBefore) };
    };
    const settings = { archiveContainer: "archive", rawLogContainer: undefined };
    expect(await rawLogs(open("archive"), watched, settings).purge(LATER)).toBe(2);
    expect(looks).toEqual(["otherlogs", "rawlogs"]);
  });

  it("go from the other containers where one is gone or cannot be read", async () => {
    const { open, off } = await switchedOff();
    await open("archive").writeJson("raw-logs/gone.json", {});
    await open("archive").writeJson("raw-logs/forbidden.json", {});
    await expect(off.purge(LATER)).rejects.toMatchObject({ failure: { code: "AuthorizationPermissionMismatch" } });
    expect(await open("rawlogs").names("")).toEqual([]);
    expect(await open("archive").names("raw-logs/")).toEqual(["raw-logs/forbidden.json"]);
  });

  it("never are the redacted ones of the archive, whatever its documents say", async () => {
    const { open, off } = await switchedOff();
    await open("archive").writeJson("raw-logs/archive.json", {});
    await off.purge(LATER);
    expect(await open("archive").names("builds/")).toEqual([LOG]);
  });
});
