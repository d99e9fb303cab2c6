import { decodePath } from "./decodePath.ts";
import { constraintOf } from "./routeConstraint.ts";

/** A piece of a route template between two slashes. */
type Segment =
  | { kind: "literal"; text: string }
  | { kind: "parameter"; name: string; isOptional: boolean; fallback: string | undefined; accepts: Accepts[] }
  | { kind: "catchAll"; name: string; fallback: string | undefined; accepts: Accepts[] }
  /** Text and parameters mixed, such as `{name}.{ext}`. */
  | { kind: "mixed"; pattern: RegExp; names: string[]; accepts: Accepts[][] };

type Accepts = (value: string) => boolean;

export interface RouteTemplate {
  segments: Segment[];
}

/** Parses an ASP.NET route template such as `images/{image}/builds/{id:int?}` or `files/{*rest}`. */
export function parseTemplate(template: string): RouteTemplate {
  return { segments: template.split("/").filter(Boolean).map(parseSegment) };
}

/** The parameters of a path that the template fits, else undefined. @param path below the route prefix, encoded. */
export function matchTemplate({ segments }: RouteTemplate, path: string): Record<string, string> | undefined {
  const parts = path.replace(/\/$/, "").split("/");
  if (parts.length === 1 && parts[0] === "") parts.pop();
  const params: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    if (segment.kind === "catchAll") {
      const rest = parts.slice(at).join("/");
      return take(params, segment.name, rest === "" ? segment.fallback : decodePath(rest), segment.accepts)
        ? params
        : undefined;
    }
    const part = parts[at];
    // A double slash fits nothing.
    if (part === "" || !fits(segment, part, params)) return undefined;
  }
  return parts.length > segments.length ? undefined : params;
}

function fits(
  segment: Exclude<Segment, { kind: "catchAll" }>,
  part: string | undefined,
  params: Record<string, string>,
) {
  switch (segment.kind) {
    case "literal":
      return part !== undefined && decodePath(part).toLowerCase() === segment.text.toLowerCase();
    case "parameter":
      if (part === undefined) {
        if (!segment.isOptional && segment.fallback === undefined) return false;
        return take(params, segment.name, segment.fallback, segment.accepts);
      }
      return take(params, segment.name, decodePath(part), segment.accepts);
    case "mixed": {
      const found = part === undefined ? null : segment.pattern.exec(decodePath(part));
      if (!found) return false;
      return segment.names.every((name, at) => take(params, name, found[at + 1], segment.accepts[at] ?? []));
    }
    default:
      return segment satisfies never;
  }
}

/** A missing value is left out and meets every constraint. */
function take(params: Record<string, string>, name: string, value: string | undefined, accepts: Accepts[]): boolean {
  if (value === undefined) return true;
  if (!accepts.every((accept) => accept(value))) return false;
  params[name] = value;
  return true;
}

const PARAMETER = /\{(\*{0,2})([^}:=?]+)((?::(?:\{\{.*?\}\}|[^}=?:(]|\([^)]*\))+)*)(?:=([^}?]*))?(\?)?\}/g;

function parseSegment(text: string): Segment {
  const parameters = [...text.matchAll(PARAMETER)];
  const [only] = parameters;
  if (!only) return { kind: "literal", text };
  if (only[0] === text) {
    const name = only[2] ?? "";
    const accepts = constraintsIn(only[3]);
    const fallback = only[4];
    return only[1]
      ? { kind: "catchAll", name, fallback, accepts }
      : { kind: "parameter", name, isOptional: only[5] !== undefined, fallback, accepts };
  }
  let pattern = "";
  let from = 0;
  for (const parameter of parameters) {
    pattern += `${escape(text.slice(from, parameter.index))}(.+?)`;
    from = parameter.index + parameter[0].length;
  }
  pattern += escape(text.slice(from));
  return {
    kind: "mixed",
    pattern: new RegExp(`^${pattern}$`, "i"),
    names: parameters.map((parameter) => parameter[2] ?? ""),
    accepts: parameters.map((parameter) => constraintsIn(parameter[3])),
  };
}

const constraintsIn = (text: string | undefined): Accepts[] =>
  (text ?? "")
    .split(/:(?![^(]*\))/)
    .filter(Boolean)
    .map(constraintOf);

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
