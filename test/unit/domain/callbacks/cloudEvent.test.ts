import { describe, expect, it } from "vitest";
import { cloudEvent } from "../../../../src/domain/callbacks/cloudEvent.ts";
import type { Outcome } from "../../../../src/domain/receipt.ts";

const time = "2026-01-15T02:03:04.000Z";
const ticket = { system: "ServiceNow", number: "RITM1" };
const request = { buildId: "jumpbox-20260115-020304-a7a7", image: "jumpbox", ticket, reason: "not told" };

function finished(outcome: Outcome, leftovers = 0) {
  const left = Array.from({ length: leftovers }, (_, at) => ({ id: `/left/${at}`, why: "x".repeat(3000) }));
  const cleanUp = leftovers ? { kind: "leftovers" as const, leftovers: left } : { kind: "clean" as const };
  return cloudEvent({ event: "finished", request, time, receipt: { outcome, cleanUp } }, "urn:goldsmith:test", "");
}

describe("an event", () => {
  it("is a CloudEvent that says which build and what state", () => {
    const event = cloudEvent({ event: "started", request, time }, "urn:goldsmith:test", "https://goldsmith.test");
    expect(event).toEqual({
      specversion: "1.0",
      id: "jumpbox-20260115-020304-a7a7-started",
      source: "urn:goldsmith:test",
      type: "goldsmith.build.started",
      subject: "jumpbox-20260115-020304-a7a7",
      time,
      datacontenttype: "application/json",
      data: {
        buildId: "jumpbox-20260115-020304-a7a7",
        image: "jumpbox",
        ticket,
        state: "running",
        links: { build: "https://goldsmith.test/api/builds/jumpbox-20260115-020304-a7a7" },
      },
    });
  });

  it("tells what was built", () => {
    const { data } = finished({ kind: "built", imageVersions: ["/versions/1.0.0"], runSeconds: 9 });
    expect(data).toMatchObject({ state: "built", outcome: { kind: "built", imageVersions: ["/versions/1.0.0"] } });
  });

  it("tells of a failure what and who, without what looks like a secret, and of all in short", () => {
    const message = `password=hunter2hunter2 ${"x".repeat(5000)}`;
    const failure = { code: "BuildFailed", message, why: "w", mend: "m", owner: "requester" as const };
    const event = finished({ kind: "failed", failure }, 1000);
    expect(event.data.outcome?.failure).toMatchObject({ code: "BuildFailed", owner: "requester" });
    expect(event.data.leftovers?.count).toBe(1000);
    expect(JSON.stringify(event)).not.toContain("hunter2");
    expect(JSON.stringify(event).length).toBeLessThan(16_384);
  });
});
