import { parseArgs } from "node:util";
import type { StackOptions } from "./stack.ts";

const OPTIONS = {
  port: { type: "string", default: "7071", help: "port of the service" },
  "azure-port": { type: "string", default: "8443", help: "port of the local Azure (HTTPS)" },
  "identity-port": { type: "string", default: "8444", help: "port of the local managed identity endpoint" },
  "storage-port": { type: "string", default: "10000", help: "port of blobs; queues and tables take the two after it" },
  state: {
    type: "string",
    default: ".local",
    help: "folder of everything local; ca.pem of the local Azure lies there",
  },
  speed: { type: "string", default: "60", help: "local seconds in a real one" },
  scenario: { type: "string", multiple: true, help: "what goes wrong in the local Azure; as often as you like" },
  fresh: { type: "boolean", default: false, help: "begin with an empty state folder" },
  auth: { type: "boolean", default: false, help: "ask who comes, as in Azure" },
  help: { type: "boolean", default: false, help: "show this" },
} as const;

export interface CommandOptions extends Omit<StackOptions, "onLine" | "env"> {
  /** Whether the service asks who comes. */
  auth: boolean;
}

type OptionName = keyof typeof OPTIONS;

/**
 * @param leftOut options that this command does not have.
 * @returns undefined where help was asked for. @throws with a sentence for the person where an option is wrong.
 */
export function readOptions(args: string[], leftOut: readonly OptionName[] = []): CommandOptions | undefined {
  const defaults = { speed: OPTIONS.speed.default, auth: OPTIONS.auth.default };
  const parsed = parseArgs({ args, options: optionsWithout(leftOut), strict: true });
  const values = { ...defaults, ...parsed.values };
  if (values.help) return undefined;
  const port = (option: "port" | "azure-port" | "identity-port" | "storage-port") => {
    const number = Number(values[option]);
    if (!Number.isInteger(number) || number < 1 || number > 65_533) {
      throw new Error(`--${option} takes a port from 1 to 65533, not "${values[option]}".`);
    }
    return number;
  };
  const speed = Number(values.speed);
  if (!(speed >= 1 && speed <= 3600)) throw new Error(`--speed takes a number from 1 to 3600, not "${values.speed}".`);
  return {
    port: port("port"),
    azurePort: port("azure-port"),
    identityPort: port("identity-port"),
    storagePort: port("storage-port"),
    state: values.state,
    speed,
    scenarios: values.scenario ?? [],
    fresh: values.fresh,
    auth: values.auth,
  };
}

function optionsWithout(leftOut: readonly OptionName[]): typeof OPTIONS {
  const kept = Object.entries(OPTIONS).filter(([name]) => !leftOut.includes(name as OptionName));
  return Object.fromEntries(kept) as typeof OPTIONS;
}

/** @param leftOut options that this command does not have. */
export function helpText(command: string, summary: string, leftOut: readonly OptionName[] = []): string {
  const rows = Object.entries(optionsWithout(leftOut)).map(([name, option]) => {
    const value = name === "state" ? "folder" : name === "scenario" ? "name" : "number";
    const shown = `--${name}${option.type === "string" ? ` <${value}>` : ""}`;
    const otherwise = "default" in option && typeof option.default === "string" ? ` (${option.default})` : "";
    return `  ${shown.padEnd(26)} ${option.help}${otherwise}`;
  });
  return `${summary}\n\nUsage: ${command} -- [options]\n\n${rows.join("\n")}\n`;
}
