import { describe, expect, it } from "vitest";
import { advise } from "../../src/domain/advice.ts";
import { StepFailed, StepThrottled } from "../../src/domain/failure.ts";
import { fetchedBy } from "../../src/domain/fetched.ts";
import { HELD_BY_NOBODY_ELSE } from "../../src/domain/leftover.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { type FakeSteps, fakeService, functionsOf } from "../support/fakeService.ts";
import { ownNetworkPlan } from "../support/ground.ts";
import { longScriptPlan } from "../support/longScriptPlan.ts";
import { type RaisedEvent, type Ran, runOrchestration } from "../support/orchestration.ts";
import { grantOf, request, samplePlan } from "../support/plan.ts";
import { vhdPlan } from "../support/vhdPlan.ts";

const build = (fake: ReturnType<typeof fakeService>, ...events: RaisedEvent[]): Promise<Ran> =>
  runOrchestration(functionsOf(fake), { instanceId: request.buildId, input: request }, ...events);

/** The steps in their order, each once however often it looked or was repeated. */
const steps = ({ calls }: Ran): string[] =>
  calls
    .map(({ name, input }) => {
      const { role = "" } = (input as { grant?: { role: string } } | undefined)?.grant ?? {};
      if (name === "lease.join") return `grant ${role}`;
      if (name === "lease.leave") return `release ${role}`;
      return name;
    })
    .filter((name, index, all) => name !== "readTemplate" && all.indexOf(name) === index);

const refuses = async (): Promise<never> => {
  throw new StepFailed(advise("AuthorizationFailed", "The client does not have authorization to perform action 'x'."));
};

const planLong = async () => longScriptPlan();

const fails = (text: string) => async (): Promise<never> => {
  throw new Error(text);
};

describe("buildImage", () => {
  it("takes its steps in the order that the documents give", async () => {
    const ran = await build(fakeService());
    expect(steps(ran)).toEqual([
      "planBuild",
      "checkGround",
      "turns.ask",
      "grant image creation",
      "grant network join",
      "createTemplate",
      "startRun",
      "readImageVersions",
      "archiveLogs",
      "release image creation",
      "noteOrphan",
      "deleteTemplate",
      "stagingGroupExists",
      "release network join",
      "turns.giveBack",
      "writeReceipt",
    ]);
    expect(ran.output).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("keeps a short history however often it looks", async () => {
    const { instances } = await build(fakeService());
    for (const { history } of instances.values()) expect(history.length).toBeLessThan(300);
  });

  it("takes no right on a network where image builder makes its own", async () => {
    const ran = await build(fakeService({ planBuild: async () => ownNetworkPlan() }));
    expect(ran.output).toMatchObject({ outcome: { kind: "built" }, grants: [{ role: "image creation" }] });
    expect(steps(ran)).not.toContain("release network join");
  });

  it("goes on where the preflight only warns, and tells it in the receipt", async () => {
    const warning = {
      code: "c",
      severity: "warns",
      resource: "r",
      seen: "s",
      why: "w",
      mend: "m",
      owner: "network",
    } as const;
    const ran = await build(fakeService({ checkGround: async () => [warning] }));
    expect(ran.output).toMatchObject({ outcome: { kind: "built" }, findings: [warning] });
  });

  it("changes nothing in Azure where the ground does not do, and says why", async () => {
    const finding = {
      code: "subnet-delegated",
      severity: "blocks" as const,
      resource: "r",
      seen: "s",
      why: "w",
      mend: "m",
      owner: "network" as const,
    };
    const ran = await build(fakeService({ checkGround: async () => [finding] }));
    expect(steps(ran)).toEqual(["planBuild", "checkGround", "writeReceipt"]);
    expect(ran.output).toMatchObject({ outcome: { kind: "refused", findings: [finding] }, grants: [] });
  });

  /** What must be undone, in order, once the step has been tried; it may have taken effect although it failed. */
  const AFTER_FAILING: [keyof FakeSteps, string[]][] = [
    ["planBuild", []],
    ["checkGround", []],
    ["join", ["release image creation"]],
    ["readTemplate", ["release image creation", "deleteTemplate", "release network join"]],
    ["createTemplate", ["release image creation", "deleteTemplate", "release network join"]],
    ["startRun", ["archiveLogs", "release image creation", "deleteTemplate", "release network join"]],
    ["readImageVersions", ["archiveLogs", "release image creation", "deleteTemplate", "release network join"]],
    ["archiveLogs", ["archiveLogs", "release image creation", "deleteTemplate", "release network join"]],
    ["leave", ["archiveLogs", "release image creation", "deleteTemplate", "release network join"]],
    ["deleteTemplate", ["archiveLogs", "release image creation", "deleteTemplate", "release network join"]],
    ["stagingGroupExists", ["archiveLogs", "release image creation", "deleteTemplate", "release network join"]],
    ["noteOrphan", ["archiveLogs", "release image creation", "deleteTemplate", "release network join"]],
    ["writeReceipt", ["archiveLogs", "release image creation", "deleteTemplate", "release network join"]],
  ];
  const UNDO = ["archiveLogs", "release image creation", "deleteTemplate", "release network join", "deleteImage"];

  /** The same of a build that makes a managed image of a VHD, and takes it away last of all. */
  const AFTER_FAILING_TO_IMPORT: [keyof FakeSteps, string[]][] = [
    ["createImage", ["deleteImage"]],
    ["readImage", ["deleteImage"]],
    ["deleteImage", UNDO],
  ];

  it.each(AFTER_FAILING_TO_IMPORT)(
    "undoes what it must, in order, where %s of a VHD fails each time",
    async (name, undone) => {
      for (const step of [fails("no connection"), refuses]) {
        const ran = await build(fakeService({ planBuild: async () => vhdPlan(), [name]: step }));
        expect([...new Set(steps(ran).filter((one) => UNDO.includes(one)))]).toEqual(undone);
        expect(ran.status).toBe("Completed");
      }
    },
  );

  it("puts scripts where image builder fetches them before anything is granted, and owes nothing for it", async () => {
    const ran = await build(fakeService({ planBuild: planLong }));
    const all = steps(ran);
    expect(all.slice(all.indexOf("turns.ask"), all.indexOf("createTemplate"))).toEqual([
      "turns.ask",
      "keepScripts",
      "grant image creation",
      "grant script reading",
      "grant network join",
    ]);
    expect(all.indexOf("release script reading")).toBeLessThan(all.indexOf("deleteTemplate"));
    for (const step of [fails("no connection"), refuses]) {
      const failed = await build(fakeService({ planBuild: planLong, keepScripts: step }));
      expect(failed.output).toMatchObject({ outcome: { kind: "failed" }, cleanUp: { kind: "clean" }, grants: [] });
    }
  });

  it("begins anew where image builder cannot read a script yet whose reading is leased", async () => {
    const plan = longScriptPlan();
    const uri = fetchedBy(plan.template)[0]?.uri ?? "";
    const unavailable = (fetched: string) => {
      const fake = fakeService({ planBuild: async () => plan });
      const { readTemplate } = fake;
      let refusals = 0;
      const errorMessage = `Resource ${fetched} is unavailable. Please check the file exists and is accessible.`;
      return Object.assign(fake, {
        readTemplate: async (attempt: Parameters<typeof readTemplate>[0]) =>
          (await readTemplate(attempt)).kind === "present" && ++refusals <= 2
            ? {
                kind: "present" as const,
                provisioning: { state: "Failed", errorCode: "NoCustomizerScript", errorMessage },
              }
            : readTemplate(attempt),
      });
    };
    expect((await build(unavailable(uri))).output).toMatchObject({ outcome: { kind: "built" } });
    expect((await build(unavailable("https://example.com/a.sh"))).output).toMatchObject({
      outcome: { kind: "failed", failure: { code: "NoCustomizerScript" } },
    });
  });

  it.each(AFTER_FAILING)("undoes what it must, in order, where %s fails each time", async (name, undone) => {
    const ran = await build(fakeService({ [name]: fails("no connection") }));
    expect(steps(ran).filter((step) => UNDO.includes(step))).toEqual(undone);
    expect(ran.status).toBe("Completed");
  });

  it.each(AFTER_FAILING)("undoes what it must, in order, where Azure refuses %s for good", async (name, undone) => {
    const ran = await build(fakeService({ [name]: refuses }));
    expect(steps(ran).filter((step) => UNDO.includes(step))).toEqual(undone);
    expect(ran.status).toBe("Completed");
  });

  it.each(AFTER_FAILING)("builds, and leaves nothing behind, where %s fails the first time", async (name) => {
    const fake = fakeService();
    const whole = fake[name] as (input: unknown) => Promise<unknown>;
    let failed = false;
    const first = async (input: unknown) => {
      if (failed) return whole(input);
      failed = true;
      throw new Error("no connection");
    };
    const ran = await build(Object.assign(fake, { [name]: first }));
    expect(ran.output).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("has its receipt in the instance where the archive does not take it", async () => {
    const ran = await build(fakeService({ writeReceipt: fails("the archive is out of reach") }));
    expect(ran.output).toMatchObject({
      outcome: { kind: "built" },
      cleanUp: { kind: "clean" },
      notKept: expect.stringContaining("out of reach"),
    });
  });

  it("is not failed by an image version that Azure does not tell", async () => {
    const ran = await build(fakeService({ readImageVersions: async () => [] }));
    expect(ran.output).toMatchObject({ outcome: { kind: "built", imageVersions: [] }, cleanUp: { kind: "clean" } });
  });

  it("names what a run that failed has left in a gallery, and cleans up as well where Azure does not show it", async () => {
    const version = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/x/images/i/versions/1.0.1";
    const failing = { startRun: fails("refused"), readImageVersions: async () => [] };
    const told = await build(fakeService({ ...failing, findImageVersions: async () => [version] }));
    expect(told.output).toMatchObject({ outcome: { kind: "failed", imageVersions: [version] } });
    const untold = await build(fakeService({ ...failing, findImageVersions: fails("forbidden") }));
    expect(untold.output).toMatchObject({ outcome: { kind: "failed" }, cleanUp: { kind: "clean" } });
  });

  it("is not failed by what Azure throttles for an hour, since it was not even tried", async () => {
    let left = 18;
    const throttled = new StepThrottled("TooManyRequests", 1);
    const ran = await build(
      fakeService({
        checkGround: async () => {
          if (left-- > 0) throw throttled;
          return [];
        },
      }),
    );
    expect(ran.output).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("does not believe a single answer, before its deletion, that the template it has just run is gone", async () => {
    const fake = fakeService();
    const { deleteTemplate } = fake;
    let asked = 0;
    let deleted = 0;
    await build(
      Object.assign(fake, {
        deleteTemplate: async (attempt: Parameters<typeof deleteTemplate>[0]) => {
          if (++asked === 1) return "absent" as const;
          deleted += 1;
          return deleteTemplate(attempt);
        },
      }),
    );
    expect(deleted).toBeGreaterThan(0);
  });

  it("does not believe a single answer that the template is gone", async () => {
    const fake = fakeService();
    const { readTemplate } = fake;
    let looks = 0;
    const ran = await build(
      Object.assign(fake, {
        readTemplate: async (attempt: Parameters<typeof readTemplate>[0]) =>
          ++looks % 3 === 0 ? { kind: "absent" as const } : readTemplate(attempt),
      }),
    );
    expect(ran.output).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("ends a run that begins when it was given up, keeps its log, and starts no other", async () => {
    const fake = fakeService();
    const { readTemplate, startRun } = fake;
    let asked: Parameters<typeof startRun>[0] | undefined;
    let looks = 0;
    const ran = await build(
      Object.assign(fake, {
        startRun: async (run: Parameters<typeof startRun>[0]) => {
          asked = run;
          return { kind: "lost" as const };
        },
        readTemplate: async (attempt: Parameters<typeof readTemplate>[0]) => {
          // With the third look the ten minutes are over; the run begins just after it.
          if (asked && ++looks === 4) await startRun(asked);
          return readTemplate(attempt);
        },
      }),
    );
    expect(ran.calls.filter(({ name }) => name === "startRun")).toHaveLength(1);
    expect(ran.output).toMatchObject({
      outcome: { kind: "failed", failure: { code: "run-late" } },
      log: { kind: "archived" },
      cleanUp: { kind: "clean" },
    });
  });

  it("lists template and staging group where the group outlives what Azure calls a deletion", async () => {
    const ran = await build(fakeService({ stagingGroupExists: async () => true }));
    expect((ran.output as Receipt).cleanUp).toMatchObject({
      leftovers: [{ command: expect.stringContaining("az group delete") }],
    });
  });

  it("leaves a group of the staging group's name alone that image builder has not made", async () => {
    const foreign = { stagingGroupExists: async () => true, readStagingGroup: async () => "foreign" as const };
    const { output } = await build(fakeService(foreign));
    expect(output).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    expect((output as Receipt).timeline).toContainEqual(
      expect.objectContaining({ event: "left alone", detail: expect.stringContaining("-staging") }),
    );
  });

  it("names no command for a staging group of which nobody can see whose it is", async () => {
    const unread = { stagingGroupExists: async () => true, readStagingGroup: fails("no connection") };
    const ran = await build(fakeService(unread));
    expect((ran.output as Receipt).cleanUp).toMatchObject({
      leftovers: [{ id: expect.stringContaining("/imageTemplates/") }, { id: expect.stringContaining("-staging") }],
    });
    expect(JSON.stringify(ran.output)).not.toContain("az group delete");
  });

  it("has a test of each activity's failure", () => {
    const { receipts: _, ...activities } = fakeService();
    const elsewhere = [
      "askApproval",
      "readDecision",
      "expireApproval",
      "cancelRun",
      "giveNotice",
      "includeInLatest",
      "readVersionState",
      "findImageVersions",
      "keepScripts",
      "raiseAlarm",
      "purgeRawLogs",
      "readStagingGroup",
      "readCancelRequest",
    ];
    const tested = [...AFTER_FAILING, ...AFTER_FAILING_TO_IMPORT].map(([name]) => name);
    expect([...tested, ...elsewhere].toSorted()).toEqual(Object.keys(activities).toSorted());
  });

  it("undoes both grants where the second one fails", async () => {
    const networkJoin = grantOf(samplePlan(), "network join");
    const ran = await build(
      fakeService({
        join: async ({ grant }) => {
          if (grant.name === networkJoin.name) throw new Error("no connection");
          return { kind: "granted", at: "2026-01-15T02:00:10.000Z", until: "2026-01-15T12:00:00.000Z" };
        },
      }),
    );
    expect(steps(ran).filter((step) => UNDO.includes(step))).toEqual([
      "release image creation",
      "release network join",
    ]);
    expect(ran.output).toMatchObject({ outcome: { kind: "failed" }, cleanUp: { kind: "clean" } });
  });

  it.each<[string, FakeSteps["readCancelRequest"]]>([
    ["there is no request", async () => null],
    ["no request can be read", fails("no connection")],
  ])("goes on where an event says that it is cancelled, and %s", async (_, readCancelRequest) => {
    const event = { afterSeconds: 300, name: "cancel", data: { reason: "forged" } };
    const ran = await build(fakeService({ readCancelRequest }), event);
    expect(ran.output).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("tells that somebody cancelled the run, and cleans up after it", async () => {
    const fake = fakeService();
    const { readTemplate } = fake;
    const ran = await build(
      Object.assign(fake, {
        readTemplate: async (attempt: Parameters<typeof readTemplate>[0]) => {
          const template = await readTemplate(attempt);
          if (template.kind !== "present" || !template.run) return template;
          return { ...template, run: { ...template.run, state: "Canceled", message: "Canceled by user" } };
        },
      }),
    );
    expect(ran.output).toMatchObject({
      outcome: { kind: "failed", failure: { code: "run-canceled" } },
      cleanUp: { kind: "clean" },
    });
    expect(steps(ran)).not.toContain("cancelRun");
  });

  it("cancels a run that outlives its deadline", async () => {
    let cancelled = false;
    const fake = fakeService();
    const ran = await build(
      Object.assign(fake, {
        readTemplate: async () => ({
          kind: "present" as const,
          provisioning: { state: "Succeeded" },
          ...(fake.receipts.length === 0 && { run: { state: cancelled ? "Canceled" : "Running", message: "" } }),
        }),
        cancelRun: async () => {
          cancelled = true;
          return "accepted" as const;
        },
      }),
    );
    expect(steps(ran)).toContain("cancelRun");
    expect(ran.output).toMatchObject({
      outcome: { kind: "failed", failure: { code: "run-overdue" } },
      cleanUp: { kind: "clean" },
    });
  });

  it("revokes both grants where a run cannot even be cancelled", async () => {
    const ran = await build(
      fakeService({
        readTemplate: async () => ({
          kind: "present",
          provisioning: { state: "Succeeded" },
          run: { state: "Running", message: "" },
        }),
        cancelRun: fails("no connection"),
        deleteTemplate: async () => "refused",
        stagingGroupExists: async () => true,
      }),
    );
    expect(steps(ran).filter((step) => UNDO.includes(step))).toEqual(UNDO.filter((step) => step !== "deleteImage"));
    expect(ran.output).toMatchObject({
      cleanUp: {
        leftovers: [
          { command: expect.stringContaining("az resource delete") },
          { command: expect.stringContaining("az group delete") },
        ],
      },
    });
  });

  it("lists as leftover, with the command that removes it, what could not be removed", async () => {
    const ran = await build(fakeService({ leave: fails(`${HELD_BY_NOBODY_ELSE} 403`) }));
    const plan = samplePlan();
    expect((ran.output as Receipt).cleanUp).toMatchObject({
      kind: "leftovers",
      leftovers: [
        { command: expect.stringContaining(grantOf(plan, "image creation").name) },
        { command: expect.stringContaining(grantOf(plan, "network join").name) },
      ],
    });
  });

  it("names in the receipt every standing grant that it has put up with, and claims none of them removed", async () => {
    const acceptedUntil = "2099-01-01T00:00:00Z";
    const standing = { id: "/one", acceptedUntil, others: [{ id: "/two", acceptedUntil }] };
    const ran = await build(
      fakeService({
        join: async () => ({ kind: "standing", ...standing }),
        leave: async () => ({ kind: "absent" }),
      }),
    );
    for (const record of (ran.output as Receipt).grants) {
      expect(record.standing).toEqual(standing);
      expect(record).not.toHaveProperty("removedAt");
    }
  });

  it("tells nobody how to remove a grant of which the lease has not said that no other build holds it", async () => {
    const { output } = await build(fakeService({ leave: fails("no answer") }));
    const { cleanUp } = output as Receipt;
    const leftovers = cleanUp.kind === "clean" ? [] : cleanUp.leftovers;
    expect(leftovers.map(({ command }) => command)).toEqual([undefined, undefined]);
    for (const { why } of leftovers) expect(why).toContain("Other builds may hold it");
  });

  it("declares the log lost where it could not be kept, and deletes the template all the same", async () => {
    const ran = await build(fakeService({ archiveLogs: fails("the log is gone") }));
    expect((ran.output as Receipt).log).toMatchObject({
      kind: "lost",
      why: expect.stringContaining("the log is gone"),
    });
    expect((ran.output as Receipt).cleanUp).toEqual({ kind: "clean" });
  });

  it("makes the template anew, under another name, while the grants are not effective yet", async () => {
    const fake = fakeService();
    let refusals = 2;
    const { readTemplate } = fake;
    const ran = await build(
      Object.assign(fake, {
        readTemplate: async (attempt: Parameters<typeof readTemplate>[0]) => {
          const template = await readTemplate(attempt);
          if (template.kind !== "present" || template.provisioning.state !== "Succeeded" || refusals === 0)
            return template;
          refusals -= 1;
          return {
            kind: "present" as const,
            provisioning: { state: "Failed", errorMessage: "Not authorized to access the resource: /subscriptions/s" },
          };
        },
      }),
    );
    const names = ran.calls
      .filter(({ name }) => name === "createTemplate")
      .map(({ input }) => (input as { attempt: { templateName: string } }).attempt.templateName);
    expect(names).toEqual([`${request.buildId}-a1`, `${request.buildId}-a2`, `${request.buildId}-a3`]);
    expect(ran.output).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("takes a run that never shows up for lost, and asks for one on a new template only", async () => {
    const fake = fakeService();
    const started: string[] = [];
    const { startRun } = fake;
    const ran = await build(
      Object.assign(fake, {
        startRun: async (run: Parameters<typeof startRun>[0]) => {
          started.push(run.attempt.templateName);
          return started.length === 1 ? { kind: "lost" as const } : startRun(run);
        },
      }),
    );
    expect(started).toEqual([`${request.buildId}-a1`, `${request.buildId}-a2`]);
    expect(ran.output).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("does not take a look that fails for a build that failed", async () => {
    const fake = fakeService();
    const { readTemplate } = fake;
    let outage = 40;
    const ran = await build(
      Object.assign(fake, {
        readTemplate: async (attempt: Parameters<typeof readTemplate>[0]) => {
          const template = await readTemplate(attempt);
          if (template.kind === "present" && template.run?.state === "Running" && outage-- > 0) throw new Error("502");
          return template;
        },
      }),
    );
    expect(ran.output).toMatchObject({ outcome: { kind: "built" } });
  });
});
