import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alarmLine } from "../../../src/activities/alarm.ts";
import { NotReady } from "../../../src/domain/notReady.ts";
import { UNUSABLE } from "../../../src/settingsUnusable.ts";
import { GAUGES, METRICS } from "../../../src/telemetry/metrics.ts";
import workbook from "../../../infra/modules/monitoring/workbook.json" with { type: "json" };

const root = join(import.meta.dirname, "..", "..", "..");
const bicep = readFileSync(join(root, "infra", "modules", "monitoring", "alerts.bicep"), "utf8");
const alerts = [...bicep.matchAll(/^ +query: '([^$].*)'$/gm)];
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
    expect(alerts).toHaveLength(8);
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
    for (const query of ofMetrics.filter((one) => !charts.includes(one))) {
      const [name = ""] = namesIn(query);
      expect({ query, told: query.includes("Sum > 0") }).toEqual({ query, told: known[name]?.kind === "counter" });
      expect({ query, told: query.includes("Max > ") }).toEqual({ query, told: name in GAUGES });
    }
  });

  it("are else lines of the log, by words that the service writes", () => {
    const written = [
      UNUSABLE,
      new NotReady([{ setting: "X", state: "missing", mend: "" }]).message,
      alarmLine("stuck", ""),
    ];
    const words = alerts.flatMap(([, query = ""]) => [...query.matchAll(/has(?:_any)? \(?((?:"[^"]+"(?:, )?)+)/g)]);
    const phrases = words.flatMap(([, list = ""]) => [...list.matchAll(/"([^"]+)"/g)].map(([, one = ""]) => one));
    expect(new Set(phrases).size).toBe(written.length);
    for (const phrase of phrases)
      expect(
        written.some((text) => text.includes(phrase)),
        phrase,
      ).toBe(true);
  });

  it("are in docs/deploy.md by the names of the alerts", () => {
    const names = [...bicep.matchAll(/^ +name: '([^$'\n]*)'$/gm)].map(([, name = ""]) => name);
    expect(names).toHaveLength(alerts.length);
    const page = readFileSync(join(root, "docs", "deploy.md"), "utf8");
    expect(names.filter((name) => !page.includes(`| ${name} `))).toEqual([]);
  });

  it("are in the workbook all that the service tells", () => {
    expect(new Set(charts.flatMap(namesIn))).toEqual(new Set(Object.keys(known)));
  });
});
