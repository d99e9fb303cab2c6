import { problem } from "../domain/problem.ts";
import { type Door, Refused } from "./door.ts";

/** @throws Refused where the query has a parameter that the door does not take, or a value that it does not take. */
export function queryOf(door: Door, query: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(query.keys())];
  const taken = Object.keys(door.query?.shape ?? {});
  if (names.some((name) => !taken.includes(name))) {
    const which = taken.length > 0 ? `takes ${taken.join(", ")} only` : "takes no parameters";
    throw new Refused(problem(400, "parameter-invalid", `The query ${which}.`));
  }
  if (!door.query) return {};
  // Given twice, the host joins the values by a comma: with one of its own it is the same to everybody.
  const values = Object.fromEntries(names.map((name) => [name, query.getAll(name).join(",")]));
  const parsed = door.query.safeParse(values);
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new Refused(problem(400, "parameter-invalid", `${[...new Set(told)].join("; ")}.`));
}
