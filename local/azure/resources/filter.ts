import { invalidQuery } from "../arm/errors.ts";
import type { Json } from "../store/state.ts";

/** What a `$filter` can ask of a resource, or of a group. */
export interface Filterable {
  name: string;
  resourceType?: string;
  resourceGroup?: string;
  location?: unknown;
  tags?: unknown;
}

type Test = (resource: Filterable) => boolean;

const PROPERTIES = ["name", "resourceType", "resourceGroup", "location"] as const;
type Holds = (resource: Filterable, ...values: string[]) => boolean;

/** @param form in which `''` is a text in quotes. */
const term = (form: string, holds: Holds): [RegExp, Holds] => [
  new RegExp(`^${form.replaceAll("''", "'((?:[^']|'')*)'")}$`, "i"),
  holds,
];
const TERMS = [
  term("tagName eq '' and tagValue eq ''", (one, name, value) => tagOf(one, name) === value),
  term("tagName eq ''", (one, name) => tagOf(one, name) !== undefined),
  term("startswith\\(tagName, ?''\\)", (one, prefix = "") =>
    tagsOf(one).some(([name]) => name.toLowerCase().startsWith(prefix.toLowerCase())),
  ),
  term("substringof\\('', ?name\\)", ({ name }, part = "") => name.toLowerCase().includes(part.toLowerCase())),
  term("(\\w+) eq ''", (one, property, value) => propertyOf(one, property) === value?.toLowerCase()),
  term("(\\w+) ne ''", (one, property, value) => propertyOf(one, property) !== value?.toLowerCase()),
];

/**
 * Reads a filter as the documentation of Resources_List has it: comparisons joined by `and`, those joined by `or`.
 *
 * @throws AzureError 400 where it is something else.
 */
export function filterOf(query: URLSearchParams): Test {
  const filter = query.get("$filter")?.trim() ?? "";
  if (filter === "") return () => true;
  const alternatives = filter.split(/(?<!\s)\s+or\s+/i).map((alternative) => conjunctionOf(alternative, filter));
  return (resource) => alternatives.some((holds) => holds(resource));
}

function conjunctionOf(text: string, whole: string): Test {
  // A tag's name and its value belong together.
  const terms = text.split(/(?<!\s)\s+and(?!\s+tagValue\b)\s+/i).map((term) => termOf(term, whole));
  return (resource) => terms.every((holds) => holds(resource));
}

function termOf(text: string, whole: string): Test {
  for (const [pattern, holds] of TERMS) {
    const match = pattern.exec(text.trim());
    if (!match) continue;
    const values = match.slice(1).map((value) => value.replaceAll("''", "'"));
    const comparesProperty = /^\w+ (eq|ne) /i.test(text.trim()) && !/^tagName/i.test(text.trim());
    if (!comparesProperty || nameOf(values[0])) return (resource) => holds(resource, ...values);
  }
  throw invalidQuery("$filter", whole);
}

const nameOf = (property: string | undefined) =>
  PROPERTIES.find((name) => name.toLowerCase() === property?.toLowerCase());

function propertyOf(resource: Filterable, property: string | undefined): string | undefined {
  const name = nameOf(property);
  const value = name && resource[name];
  return typeof value === "string" ? value.toLowerCase() : undefined;
}

const tagsOf = ({ tags }: Filterable) => Object.entries((tags ?? {}) as Json);

/** Names of tags have no case. */
const tagOf = (resource: Filterable, name: string | undefined) =>
  tagsOf(resource).find(([tag]) => tag.toLowerCase() === name?.toLowerCase())?.[1];
