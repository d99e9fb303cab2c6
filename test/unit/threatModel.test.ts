import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import openApi from "../../docs/openapi.json" with { type: "json" };
import { ROLES } from "../../src/domain/caller.ts";
import { OTHER_REQUESTS } from "../../src/http/openDoors.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

const page = read("SECURITY.md");
const words = page.replaceAll(/\s+/g, " ");
const part = (title: string) => page.split(/^## /m).find((one) => one.startsWith(`${title}\n`)) ?? "";
const sections = [part("Doors"), part("Identities")].flatMap((one) => one.split(/^### /m).slice(1));
const titleOf = (section: string) => section.slice(0, section.indexOf("\n"));
const rowsOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").map((cell) => cell.trim()));

const found = (files: string, pattern: RegExp) =>
  globSync(files, { cwd: root }).flatMap((file) => [...read(file).matchAll(pattern)].map(([, name]) => name ?? ""));
const missing = (names: readonly string[], told: (name: string) => boolean) => names.filter((name) => !told(name));

describe("SECURITY.md", () => {
  it("thinks about every door", () => {
    const doors = Object.values(openApi.paths).flatMap((methods) =>
      Object.values(methods).flatMap((one) => (one && "operationId" in one ? [one.operationId] : [])),
    );
    expect(doors.length).toBeGreaterThan(20);
    expect(missing([...doors, OTHER_REQUESTS], (name) => part("Doors").includes(`\`${name}\``))).toEqual([]);
  });

  it("thinks about every timer", () => {
    const timers = found("src/functions/*.timer.ts", /client\.timer\("(\w+)"/g);
    expect(timers.length).toBeGreaterThan(2);
    expect(missing(timers, (name) => part("Doors").includes(`\`${name}\``))).toEqual([]);
  });

  it("thinks about every identity that infra/ makes", () => {
    const made = found("infra/**/*.bicep", /^module (\w+) '[^']*\bidentity\.bicep'/gm);
    expect(made).toEqual(expect.arrayContaining(["service", "builder"]));
    expect(missing(made, (name) => sections.some((one) => titleOf(one) === `The ${name} identity`))).toEqual([]);
  });

  it("thinks about every role of docs/permissions.md, and every app role", () => {
    const [, held = "", leased = ""] = read("docs/permissions.md").split(
      /<!-- (?:service|builder), by npm run docs -->/,
    );
    const roles = [held, leased].flatMap((table) => {
      const own = table.split("<!-- /")[0] ?? "";
      return rowsOf(own)
        .slice(2)
        .map(([, role = ""]) => role);
    });
    expect(roles.length).toBeGreaterThan(20);
    expect(missing([...new Set(roles)], (name) => words.includes(name))).toEqual([]);
    expect(missing(ROLES, (name) => words.includes(name))).toEqual([]);
  });

  it.each(sections.map((section) => [titleOf(section), section]))(
    "has the six letters of STRIDE, or says why one is left out: %s",
    (_, section) => {
      const told = rowsOf(section).flatMap(([, letter = ""]) => (/^[STRIDE]$/.test(letter) ? [letter] : []));
      const prose = section.split("\n").filter((line) => !/^[|#]/.test(line));
      const left = prose.flatMap((line) =>
        [...line.matchAll(/(?:^|\. )((?:[STRIDE](?:, | and )?)+)(?::| is | are )/g)].flatMap(
          ([, letters = ""]) => letters.match(/[STRIDE]/g) ?? [],
        ),
      );
      expect([...told, ...left].toSorted().join("")).toBe("DEIRST");
    },
  );

  it("has every flow of the picture by its number, and no other", () => {
    const drawn = [...page.matchAll(/-- "(\d+): /g)].map(([, number]) => number);
    const told = rowsOf(part("Flows"))
      .slice(2)
      .map(([, number]) => number);
    expect(drawn.length).toBeGreaterThan(10);
    expect(told).toEqual(drawn);
  });

  it("names tests that there are", () => {
    const named = [...page.matchAll(/`((?:unit|infra|simulation|faults|standin|host|e2e)\/[\w/]+)`/g)].map(
      ([, name]) => name ?? "",
    );
    expect(named.length).toBeGreaterThan(50);
    expect(missing(named, (name) => existsSync(join(root, "test", `${name}.test.ts`)))).toEqual([]);
  });
});
