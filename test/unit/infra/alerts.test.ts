import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GAUGES, METRICS } from "../../../src/telemetry/metrics.ts";
import workbook from "../../../infra/modules/monitoring/workbook.json" with { type: "json" };

const monitoring = join(import.meta.dirname, "..", "..", "..", "infra", "modules", "monitoring");
const alerts = [...readFileSync(join(monitoring, "alerts.bicep"), "utf8").matchAll(/^ +query: '(App.*)'$/gm)];
const charts = workbook.items.flatMap(({ content }) => ("query" in content ? [content.query] : []));
interface Row {
  what: string;
  kind?: string;
  attributes?: readonly string[];
}
const known: Record<string, Row> = { ...METRICS, ...GAUGES };

const namesIn = (query: string) => [...query.matchAll(/"(goldsmith\.[\w.]+)"/g)].map(([, name = ""]) => name);
const ofMetrics = [...alerts.map(([, query = ""]) => query), ...charts].filter((query) => namesIn(query).length > 0);

describe("what is asked of telemetry", () => {
  it("are figures that the service tells, by attributes that they have", () => {
    expect(alerts.length).toBeGreaterThan(5);
    for (const query of ofMetrics) {
      const rows = namesIn(query).map((name) => known[name]);
      expect({ query, rows }).toEqual({ query, rows: rows.map(() => expect.anything()) });
      const attributes = rows.flatMap((row) => row?.attributes ?? []);
      const asked = [...query.matchAll(/Properties\.(\w+)/g)].map(([, name]) => name);
      expect({ query, unknown: asked.filter((name = "") => !attributes.includes(name)) }).toEqual({
        query,
        unknown: [],
      });
    }
  });

  it("are sums of what is counted and the most of what is measured at a time", () => {
    for (const [, query = ""] of alerts) {
      const [name = ""] = namesIn(query);
      expect({ query, told: query.includes("Sum > 0") }).toEqual({ query, told: known[name]?.kind === "counter" });
      expect({ query, told: query.includes("Max > ") }).toEqual({ query, told: name in GAUGES });
    }
  });

  it("are in the workbook all that the service tells", () => {
    expect(new Set(charts.flatMap(namesIn))).toEqual(new Set(Object.keys(known)));
  });
});
