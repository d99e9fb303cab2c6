import { afterEach, beforeEach, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { serviceIdentity } from "../../local/landscape.ts";
import { buildPlace } from "../../src/telemetry/places.ts";
import { type Collector, startCollector } from "../support/collector.ts";
import { TestStack } from "../support/stack.ts";

let collector: Collector;
let stack: TestStack;
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(async () => {
  await stack.stop();
  await collector.close();
});

/** Exporters send every few seconds of the service's own time; what waits is sent when the host is taken away. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(holds()).toBe(true);
}

describe("the bundle that is deployed", () => {
  it("sends one trace of a build to a collector, also where its host was killed, and its figures", async () => {
    const secret = `whsec_${Buffer.alloc(32, "planted").toString("base64")}`;
    stack = await TestStack.start({
      speed: 180,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        GOLDSMITH_CALLBACK_TARGETS: JSON.stringify([
          { origin: "https://tickets.example.com", secretNames: ["PLANTED"] },
        ]),
        GOLDSMITH_CALLBACK_SECRET_PLANTED: secret,
      },
    });
    const id = await stack.startBuild();
    await stack.until(id, (build) => build.phase?.startsWith("creating") ?? false);
    await stack.crashAndRestart();
    const receipt = await stack.receiptOf(id);
    expect(receipt.outcome.kind).toBe("built");

    const { traceId, spanId } = buildPlace(id);
    const ofBuild = () => collector.spans.filter((span) => span.traceId === traceId);
    await until(() => ofBuild().some((span) => span.spanId === spanId));
    await until(() => collector.metrics.has("goldsmith.builds"));
    const ids = ofBuild().map((span) => span.spanId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ofBuild().filter(({ parentSpanId }) => !parentSpanId)).toMatchObject([{ name: "build", spanId }]);
    expect(ofBuild().filter(({ parentSpanId }) => parentSpanId && !ids.includes(parentSpanId))).toEqual([]);
    expect(collector.metrics).toContain("goldsmith.arm.calls");
    expect(collector.texts.join("\n")).toContain(
      `{"key":"service.version","value":{"stringValue":"${manifest.version}"}}`,
    );
    for (const told of [collector.texts.join("\n"), stack.log.join("\n")]) {
      expect(told).not.toMatch(/eyJ[A-Za-z0-9_-]{10,}|[?&]sig=|AccountKey=/);
      expect(told).not.toContain(secret);
    }
  });

  it("sends the same to Application Insights, signed in as the service, as a request and what depends on it", async () => {
    const key = "00000000-0000-4000-8000-000000000001";
    stack = await TestStack.start({
      speed: 180,
      env: {
        APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${key};IngestionEndpoint=${collector.secureUrl}/`,
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `Authorization=AAD;ClientId=${serviceIdentity.clientId}`,
      },
    });
    collector.secureAs(stack.stateFolder);
    const id = await stack.startBuild();
    await stack.receiptOf(id);
    const { traceId, spanId } = buildPlace(id);
    const rowsOf = (type: string) => collector.rows.filter(({ data }) => data.baseType === type);
    await until(() => rowsOf("RequestData").some(({ data }) => data.baseData.id === spanId));
    await until(() => rowsOf("MetricData").some(({ data }) => data.baseData.metrics?.[0]?.name === "goldsmith.builds"));
    const ofBuild = collector.rows.filter(({ tags }) => tags["ai.operation.id"] === traceId);
    expect(ofBuild.filter(({ data }) => data.baseType === "RequestData")).toHaveLength(1);
    expect(ofBuild.filter(({ data }) => data.baseType === "RemoteDependencyData").length).toBeGreaterThan(40);
    expect(collector.signedIn.every((who) => who.startsWith("Bearer eyJ"))).toBe(true);
  });

  it("loads and sends nothing where the settings name nobody", async () => {
    stack = await TestStack.start();
    const id = await stack.startBuild();
    expect((await stack.receiptOf(id)).outcome.kind).toBe("built");
    expect(collector.texts).toEqual([]);
    expect(stack.log.join("\n")).not.toContain("no telemetry");
  });
});
