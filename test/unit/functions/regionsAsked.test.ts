import { describe, expect, it, vi } from "vitest";
import { StepDelayed } from "../../../src/domain/failure.ts";
import type { Observed } from "../../../src/domain/preflight/observed.ts";
import type { Provider } from "../../../src/domain/preflight/subscription.ts";
import { refuserElsewhere } from "../../../src/functions/regionsAsked.ts";
import { sampleRecipe } from "../../support/plan.ts";

const builders = { namespace: "Microsoft.VirtualMachineImages", state: "Registered", zonedRegions: [] };
const offered =
  (...regions: string[]) =>
  async (): Promise<Observed<readonly Provider[]>> => ({
    resource: "",
    kind: "found",
    value: [{ ...builders, locations: { imagetemplates: regions } }],
  });

async function asked(providers: () => Promise<Observed<readonly Provider[]>>) {
  const error = vi.fn();
  const refusal = await refuserElsewhere({ providers, seconds: 0.01 })(sampleRecipe(), { error });
  return { refusal, lines: error.mock.calls.map(([line]) => String(line)) };
}

describe("whether a build is begun where its recipe wants it", () => {
  it("is refused where Azure has no image builder there, and the log has the same words", async () => {
    const { refusal, lines } = await asked(offered("northeurope"));
    expect(refusal?.problem).toMatchObject({ status: 503, detail: expect.stringContaining("one of northeurope") });
    expect(lines).toEqual([expect.stringContaining("one of northeurope")]);
  });

  it.each<[string, () => Promise<Observed<readonly Provider[]>>]>([
    ["Azure has it there", offered("westeurope")],
    ["Azure does not show what it has", async () => ({ resource: "", kind: "unreadable", code: "x", message: "" })],
    ["Azure does not say so in time", () => new Promise<never>(() => {})],
    ["Azure asks to wait", () => Promise.reject(new StepDelayed("TooManyRequests", 60))],
    ["nobody gives a token", () => Promise.reject(new Error("CredentialUnavailableError"))],
  ])("is not refused where %s", async (_, providers) => {
    expect(await asked(providers)).toEqual({ refusal: undefined, lines: [] });
  });
});
