import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALARM_KINDS } from "../../src/activities/alarm.ts";
import { GAUGES, METRICS } from "../../src/telemetry/metrics.ts";
import { traceIdOf } from "../../src/telemetry/places.ts";
import { sha256 } from "../../src/sha256.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

const attributesOf = (row: object) =>
  "attributes" in row ? (row.attributes as string[]).map((name) => `\`${name}\``).join(", ") : "";

describe("docs/telemetry.md", () => {
  it("has every figure with its unit, its attributes and what it is, and no other", () => {
    const rows = read("docs/telemetry.md")
      .split("\n")
      .filter((line) => line.startsWith("| `goldsmith."))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    const table = Object.entries({ ...METRICS, ...GAUGES }).map(([name, row]) => [
      "",
      `\`${name}\``,
      `\`${row.unit}\``,
      attributesOf(row),
      row.what,
      "",
    ]);
    expect(rows).toEqual(table);
  });

  it("says how to find a build's trace id", () => {
    const id = "aks-jumpbox-20261128-112041-tapd";
    expect(sha256(`trace ${id}`).slice(0, 32)).toBe(traceIdOf(id));
    expect(read("docs/telemetry.md")).toContain("printf 'trace <build id>' | sha256sum | cut -c1-32");
  });
});

describe("docs/operations.md", () => {
  const headings = [...read("docs/operations.md").matchAll(/^### `(.*)`$/gm)].map(([, name]) => name ?? "");

  it("has a section for each alert of the infrastructure, and for no other", () => {
    const keys = globSync("infra/**/alerts*.bicep", { cwd: root }).flatMap((file) =>
      [...read(file).matchAll(/^ +key: '(.*)'$/gm)].map(([, key]) => key ?? ""),
    );
    expect(keys.length).toBeGreaterThan(5);
    expect(headings.filter((name) => !name.startsWith("GOLDSMITH ALARM")).toSorted()).toEqual(keys.toSorted());
  });

  it("has a section for each kind of alarm that the service raises, and for no other", () => {
    const explained = headings.filter((name) => name.startsWith("GOLDSMITH ALARM "));
    expect(explained.toSorted()).toEqual(ALARM_KINDS.map((kind) => `GOLDSMITH ALARM ${kind}:`).toSorted());
  });

  it("knows of all alarms by that: nothing else in the service writes such a line", () => {
    const writing = globSync("src/**/*.ts", { cwd: root }).filter((file) => /GOLDSMITH ALARM/.test(read(file)));
    expect(writing).toEqual(["src/activities/alarm.ts"]);
  });
});

describe("the SDK of OpenTelemetry", () => {
  it("is known to src/telemetry alone", () => {
    const knowing = globSync("src/**/*.ts", { cwd: root }).filter((file) =>
      /from "@opentelemetry|monitor-opentelemetry/.test(read(file)),
    );
    expect(knowing.toSorted()).toEqual(["src/telemetry/exporters.ts", "src/telemetry/openTelemetry.ts"]);
  });
});
