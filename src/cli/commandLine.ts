import { parseArgs, type ParseArgsConfig } from "node:util";
import { EXIT, type ExitCode, type Surroundings } from "./surroundings.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ allowPositionals: true; options: O & typeof HELP }>>;

const HELP = { help: { type: "boolean", short: "h" } } as const;

/** What a command was asked, with the way to say that it is not understood; or that the asking is over. */
export type Asked<O extends Options> =
  ({ kind: "asked"; usage: (message: string) => ExitCode } & Parsed<O>) | { kind: "over"; code: ExitCode };

/** Reads a command's options, and tells its help where that is asked for. @param name as in `goldsmith import`. */
export function commandLine<O extends Options>(
  { name, help, options }: { name: string; help: string; options: O },
  args: readonly string[],
  { out, err }: Pick<Surroundings, "out" | "err">,
): Asked<O> {
  const usage = (message: string): ExitCode => {
    err(`${name}: ${message}\nTry ${name} --help.\n`);
    return EXIT.usage;
  };
  let parsed: Parsed<O>;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { ...options, ...HELP } });
  } catch (error) {
    return { kind: "over", code: usage(error instanceof Error ? error.message : String(error)) };
  }
  if ((parsed.values as { help?: boolean }).help) {
    out(help);
    return { kind: "over", code: EXIT.done };
  }
  return { kind: "asked", usage, ...parsed };
}
