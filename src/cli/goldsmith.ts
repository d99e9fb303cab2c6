import { checkCommand } from "./checkCommand.ts";
import { importCommand } from "./importCommand.ts";
import { keyCommand } from "./keyCommand.ts";
import { EXIT, type ExitCode, type Surroundings } from "./surroundings.ts";

const HELP = `goldsmith: golden VM images on Azure

  goldsmith check [FOLDER]  tells what is wrong with recipes
  goldsmith import FILE     makes a recipe of an existing image template
  goldsmith key new NAME    makes an API key
  goldsmith help            shows this; --help after a command shows more
`;

/** Runs one command, and tells how it ended. */
export function goldsmith(args: readonly string[], surroundings: Surroundings): ExitCode {
  const [command, ...rest] = args;
  if (command === "check") return checkCommand(rest, surroundings);
  if (command === "import") return importCommand(rest, surroundings);
  if (command === "key") return keyCommand(rest, surroundings);
  if (command === "help" || command === "--help" || command === "-h") {
    surroundings.out(HELP);
    return EXIT.done;
  }
  surroundings.err(command === undefined ? HELP : `goldsmith: there is no command ${command}\n\n${HELP}`);
  return EXIT.usage;
}
