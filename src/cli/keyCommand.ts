import { hashOfKey, newApiKey } from "../auth/apiKeys.ts";
import { ApiKey, KEY_ROLES } from "../domain/apiKey.ts";
import { commandLine } from "./commandLine.ts";
import { EXIT, type ExitCode, type Surroundings } from "./surroundings.ts";

const HELP = `goldsmith key new NAME --role ROLE [options]

Makes an API key, and the entry by which the service knows it. Nothing is written or sent anywhere: give the key to whom
it is for, and put the entry into the list of the setting GOLDSMITH_API_KEYS. The entry has only a hash of the key.

  --role ROLE     ${KEY_ROLES.join(", ")}; may be repeated
  --image IMAGE   an image that the key is limited to, or what names begin with, as in 'web-*'; may be repeated
  --help

Exit codes: 0 done, 2 not understood. docs/authentication.md tells what each role may do.
`;

const COMMAND = {
  name: "goldsmith key",
  help: HELP,
  options: { role: { type: "string", multiple: true }, image: { type: "string", multiple: true } },
} as const;

export function keyCommand(args: readonly string[], surroundings: Surroundings): ExitCode {
  const asked = commandLine(COMMAND, args, surroundings);
  if (asked.kind === "over") return asked.code;
  const { values, positionals, usage } = asked;
  const [verb, name, ...rest] = positionals;
  if (verb !== "new" || name === undefined || rest.length > 0) return usage("takes new and one name");
  if (!values.role) return usage("--role is missing");
  const key = newApiKey();
  const entry = ApiKey.safeParse({
    name,
    sha256: hashOfKey(key),
    roles: values.role,
    ...(values.image ? { images: values.image } : {}),
  });
  if (!entry.success) {
    return usage(
      entry.error.issues.map(({ path, message }) => `${OPTION[String(path[0])] ?? "NAME"} ${message}`).join("; "),
    );
  }
  surroundings.out(`The key, which is shown this once and kept nowhere:

  ${key}

Its entry in the list of GOLDSMITH_API_KEYS:

  ${JSON.stringify(entry.data)}
`);
  return EXIT.done;
}

const OPTION: Record<string, string> = { roles: "--role", images: "--image" };
