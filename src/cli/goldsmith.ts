import { importCommand } from "./importCommand.ts";
import { EXIT, type ExitCode, type Surroundings } from "./surroundings.ts";

const HELP = `goldsmith: golden VM images on Azure

  goldsmith import FILE   makes a recipe of an existing image template
  goldsmith help          shows this; goldsmith import --help shows more
`;

/** Runs one command, and tells how it ended. */
export function goldsmith(args: readonly string[], surroundings: Surroundings): ExitCode {
  const [command, ...rest] = args;
  if (command === "import") return importCommand(rest, surroundings);
  if (command === "help" || command === "--help" || command === "-h") {
    surroundings.out(HELP);
    return EXIT.done;
  }
  surroundings.err(command === undefined ? HELP : `goldsmith: there is no command ${command}\n\n${HELP}`);
  return EXIT.usage;
}
