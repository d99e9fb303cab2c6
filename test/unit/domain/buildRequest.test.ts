import { describe, expect, it } from "vitest";
import { BuildRequestBody } from "../../../src/domain/buildRequest.ts";
import { CancelRequest } from "../../../src/domain/cancelRequest.ts";

const KEY = `AccountKey=${Buffer.alloc(64, 9).toString("base64")}`;
const SIGNED = `https://a.blob.core.windows.net/c/b?sv=2022-11-02&sr=b&sp=r&sig=${Buffer.alloc(32, 5).toString("base64url")}%3D`;

const link = (url: string) => BuildRequestBody.safeParse({ ticket: { system: "s", number: "1", url } });

describe("what a person writes in a request", () => {
  it("is kept without what looks like a secret", () => {
    const ticket = { system: "ServiceNow", number: `RITM1 ${KEY.slice(0, 90)}` };
    const kept = [BuildRequestBody.parse({ reason: `see ${KEY}`, ticket }), CancelRequest.parse({ reason: KEY })];
    expect(JSON.stringify(kept)).not.toContain(KEY.slice(-40));
    expect(kept[0]).toMatchObject({ reason: "see AccountKey=[redacted]", ticket: { system: "ServiceNow" } });
  });

  it("is kept as it is where there is none", () => {
    const reason = "CVE-2026-1234: the password policy has changed (see INC0012345)";
    expect(BuildRequestBody.parse({ reason }).reason).toBe(reason);
  });

  it("is refused where a link, or the name of who asked, would be another one without it", () => {
    expect(link("https://tickets.example.com/INC0012345?view=full").success).toBe(true);
    const ticket = { system: "s", number: "1", requestedBy: KEY };
    expect(BuildRequestBody.safeParse({ ticket }).error?.issues[0]?.message).toMatch(/what looks like a secret/);
    expect(link(SIGNED).error?.issues[0]?.message).toMatch(/what looks like a secret/);
  });
});
