import type { FunctionRegistry, HostFunction } from "../functionRegistry.ts";
import { matchTemplate, parseTemplate, type RouteTemplate } from "./routeTemplate.ts";

export interface FunctionRoute {
  found: HostFunction;
  /** As the app wrote it, without the prefix. */
  route: string;
  template: RouteTemplate;
  methods: string[];
  authLevel: "anonymous" | "function" | "admin";
}

/**
 * The routes of the app's HTTP functions, in the order in which the host tries them: that of the functions' names,
 * without case. Unlike ASP.NET it does not look at how definite a template is (Azure/azure-functions-host#9876).
 */
export function functionRoutes(registry: FunctionRegistry): FunctionRoute[] {
  return registry
    .withTrigger("httpTrigger")
    .map((found) => {
      const { route, methods, authLevel } = found.trigger as { route?: string; methods?: string[]; authLevel?: string };
      const text = route ?? found.name;
      return {
        found,
        route: text,
        template: parseTemplate(text),
        methods: (methods ?? ["GET", "POST"]).map((method) => method.toUpperCase()),
        authLevel: (authLevel?.toLowerCase() ?? "function") as FunctionRoute["authLevel"],
      };
    })
    .sort((a, b) => ordinal(a.found.name.toUpperCase(), b.found.name.toUpperCase()));
}

/** The function for a request and the route's parameters; a wrong method is no match. @param path below the prefix. */
export function findRoute(
  routes: FunctionRoute[],
  method: string,
  path: string,
): { route: FunctionRoute; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const params = route.methods.includes(method) ? matchTemplate(route.template, path) : undefined;
    if (params) return { route, params };
  }
  return undefined;
}

/** The part of a path below the route prefix, which may be empty; undefined when it is not below it. */
export function belowPrefix(path: string, prefix: string): string | undefined {
  const trimmed = path.replace(/^\//, "");
  if (prefix === "") return trimmed;
  if (trimmed.toLowerCase() === prefix.toLowerCase()) return "";
  return trimmed.toLowerCase().startsWith(`${prefix.toLowerCase()}/`) ? trimmed.slice(prefix.length + 1) : undefined;
}

const ordinal = (one: string, other: string) => (one < other ? -1 : Number(one > other));
