import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, type ParseError } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { readHostJson } from "../../local/functionsHost/hostJson.ts";
import { packageFiles } from "../../packaging/packageFiles.ts";

const root = join(import.meta.dirname, "..", "..");
const text = readFileSync(join(root, "host.json"), "utf8");
const errors: ParseError[] = [];
const hostJson: unknown = parse(text, errors);

function leavesOf(value: unknown, path = ""): [path: string, value: unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, below]) => leavesOf(below, path ? `${path}/${key}` : key));
}
const leaves = new Map(leavesOf(hostJson));

/** As the pages on host.json have them; levels of the log are by category, which are names of our choice. */
const KNOWN = [
  "version",
  "functionTimeout",
  ...["id", "version"].map((key) => `extensionBundle/${key}`),
  ...["routePrefix", "maxOutstandingRequests", "maxConcurrentRequests", "dynamicThrottlesEnabled"].map(
    (key) => `extensions/http/${key}`,
  ),
  ...[
    "hubName",
    "maxConcurrentActivityFunctions",
    "maxConcurrentOrchestratorFunctions",
    "maxConcurrentEntityFunctions",
    "extendedSessionsEnabled",
    "storeInputsInOrchestrationHistory",
    "maxEntityOperationBatchSize",
    "storageProvider/maxQueuePollingInterval",
    "storageProvider/partitionCount",
    "tracing/traceInputsAndOutputs",
    "tracing/traceReplayEvents",
    "tracing/distributedTracingEnabled",
  ].map((key) => `extensions/durableTask/${key}`),
  "logging/applicationInsights/samplingSettings/isEnabled",
];

describe("host.json", () => {
  it("says of each key what it is for", () => {
    expect(errors).toEqual([]);
    const lines = text.split("\n").map((line) => line.trim());
    const bare = lines.filter((line, at) => /^"[^"]+": [^{]/.test(line) && !lines[at - 1]?.startsWith("//"));
    expect(bare).toEqual([]);
    expect(leaves.size).toBeGreaterThan(15);
  });

  it("has no key that the host does not know, which it would not mind in silence", () => {
    const unknown = [...leaves.keys()].filter((path) => !KNOWN.includes(path) && !path.startsWith("logging/logLevel/"));
    expect(unknown).toEqual([]);
  });

  it("keeps what steps are given and what they answer out of logs and histories", () => {
    const durable = "extensions/durableTask";
    expect(leaves.get(`${durable}/tracing/traceInputsAndOutputs`)).toBe(false);
    expect(leaves.get(`${durable}/storeInputsInOrchestrationHistory`)).toBe(false);
  });

  it("is heeded by the local host, or its page says what is not", () => {
    expect(readHostJson(root, (name) => name)).toEqual({
      routePrefix: leaves.get("extensions/http/routePrefix"),
      hubName: leaves.get("extensions/durableTask/hubName"),
      maxConcurrentActivityFunctions: leaves.get("extensions/durableTask/maxConcurrentActivityFunctions"),
      maxConcurrentOrchestratorFunctions: leaves.get("extensions/durableTask/maxConcurrentOrchestratorFunctions"),
      functionTimeoutSeconds: 1800,
    });
    const heeded = [
      "version",
      "functionTimeout",
      "routePrefix",
      "hubName",
      "maxConcurrentActivityFunctions",
      "maxConcurrentOrchestratorFunctions",
    ];
    const page = readFileSync(join(root, "docs", "local-host.md"), "utf8");
    const untold = [...leaves.keys()].filter((path) => {
      const key = path.split("/").at(-1) ?? "";
      const group = path.split("/")[0] ?? "";
      return !heeded.includes(key) && !page.includes(`\`${key}\``) && !page.includes(`\`${group}\``);
    });
    expect(untold).toEqual([]);
  });

  it("is deployed without comments, and else as it is", () => {
    const deployed = Buffer.from(packageFiles(root).get("host.json") ?? []).toString();
    expect(JSON.parse(deployed)).toEqual(hostJson);
  });
});
