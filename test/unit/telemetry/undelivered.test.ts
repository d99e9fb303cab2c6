import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serverCertificate } from "../../../local/azure/server/certificate.ts";
import { exportedTelemetry } from "../../../src/telemetry/exporters.ts";
import { withinStep } from "../../../src/telemetry/runningStep.ts";
import type { TelemetrySettings } from "../../../src/telemetry/settings.ts";

const KEY = "00000000-0000-4000-8000-000000000001";
const WORDS = "words that may hold a key";
const HOUR = 3_600_000;
const TRUSTED = getCACertificates();

let status: number;
let server: Server;
let url: string;
let asked: number;
beforeEach(async () => {
  status = 403;
  asked = 0;
  const certificate = await serverCertificate();
  setDefaultCACertificates([certificate.ca]);
  server = createServer(certificate, (request, response) => {
    asked++;
    request.resume();
    response.writeHead(status, WORDS, { "content-type": "application/json" });
    response.end(status === 200 ? '{"itemsReceived":1,"itemsAccepted":1,"errors":[]}' : JSON.stringify({ WORDS }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("OTEL_EXPORTER_OTLP_TIMEOUT", "500");
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  setDefaultCACertificates(TRUSTED);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const NOBODY: TelemetrySettings = { connectionString: undefined, clientId: undefined, otlpEndpoint: undefined };
const insights = () => ({ ...NOBODY, connectionString: `InstrumentationKey=${KEY};IngestionEndpoint=${url}/` });
const collector = () => ({ ...NOBODY, otlpEndpoint: url });

/** Telemetry as it is sent, and the lines of the log about it. */
function sent(settings: TelemetrySettings) {
  const lines: string[] = [];
  const telemetry = exportedTelemetry(settings, { installationId: "x", version: "1.2.3" }, (line) => lines.push(line));
  const place = { traceId: "1".repeat(32), spanId: "2".repeat(16) };
  const step = { ...place, name: "readTemplate", buildId: "one", log: () => {}, calls: [], isTold: false };
  return {
    lines,
    /** A span and a figure, as a step tells them. */
    tell: () =>
      withinStep(step, async () => {
        telemetry.span({ ...place, name: "one", kind: "internal", start: Date.now(), end: Date.now(), attributes: {} });
        telemetry.gauge("goldsmith.leftovers", 0);
        await telemetry.flush();
      }),
  };
}

describe.each([
  ["Application Insights", insights],
  ["the collector", collector],
])("telemetry that %s does not take", (to, settings) => {
  it("is told of once an hour, by the code alone and as nothing of a step's", async () => {
    const { lines, tell } = sent(settings());
    vi.useFakeTimers({ toFake: ["Date"] });
    for (let times = 0; times < 3; times++) await tell();
    expect(asked).toBeGreaterThan(3);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      { event: "telemetry not delivered", message: expect.stringContaining(`${to}: http-403.`), to, code: "http-403" },
    ]);
    expect(lines.join()).not.toMatch(new RegExp(`${WORDS}|${KEY}|${url}`));
    vi.setSystemTime(Date.now() + HOUR);
    await tell();
    expect(lines).toHaveLength(2);
    // Another reason, within the same hour.
    status = 400;
    await tell();
    expect(lines.slice(2).map((line) => (JSON.parse(line) as { code: string }).code)).toEqual(["http-400"]);
  });

  it("is not told of where it takes it", async () => {
    status = 200;
    const { lines, tell } = sent(settings());
    await tell();
    expect(asked).toBeGreaterThan(1);
    expect(lines).toEqual([]);
  });
});

it("telemetry for which nobody is there is told of by how the connection failed", async () => {
  const { lines, tell } = sent({ ...NOBODY, otlpEndpoint: "http://127.0.0.1:1" });
  await tell();
  expect(lines.map((line) => (JSON.parse(line) as { code: string }).code)).toEqual(["ECONNREFUSED"]);
});

it("telemetry for which the service gets no token is told of by the kind of error", async () => {
  vi.stubEnv("IDENTITY_ENDPOINT", `${url}/token`);
  vi.stubEnv("IDENTITY_HEADER", KEY);
  const { lines, tell } = sent({ ...insights(), clientId: KEY });
  await tell();
  expect(lines.map((line) => (JSON.parse(line) as { code: string }).code)).toEqual(["AuthenticationRequiredError"]);
});
