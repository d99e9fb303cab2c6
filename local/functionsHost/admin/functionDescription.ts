import { join } from "node:path";
import type { HostFunction } from "../functionRegistry.ts";

/** A function as the administration shows it. @param routePrefix of HTTP functions. */
export function describeFunction(found: HostFunction, origin: string, routePrefix: string): Record<string, unknown> {
  const { name, scriptFile, directory, metadata } = found;
  const bindings = Object.entries(metadata.bindings).map(([binding, info]) => ({ ...info, name: binding }));
  const route = (found.trigger["route"] as string | undefined) ?? name;
  const isHttp = found.trigger.type.toLowerCase() === "httptrigger";
  return {
    name,
    script_root_path_href: null,
    script_href: `${origin}/admin/vfs/${join(directory, scriptFile)}`,
    config_href: null,
    test_data_href: `${origin}/admin/vfs/data/Functions/sampledata/${name}.dat`,
    href: `${origin}/admin/functions/${name}`,
    invoke_url_template: isHttp ? [origin, routePrefix, route].filter(Boolean).join("/") : null,
    language: "node",
    config: { name, entryPoint: "", scriptFile, language: "node", functionDirectory: directory, bindings },
    files: null,
    test_data: "",
    isDisabled: found.isDisabled,
    isDirect: false,
    isProxy: false,
  };
}
