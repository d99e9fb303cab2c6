import * as z from "zod";
import { besidePath, scriptPath } from "./beside.ts";
import { checksumFault, sha256Checksum, shorthand, unchecked, wholePath } from "./fields.ts";
import { uri } from "./uri.ts";

const name = z
  .string()
  .min(1)
  .max(80)
  .exactOptional()
  .describe("What the step is called in logs and findings.")
  .meta({ examples: ["updates"] });

/** Commands, or a script: exactly one of them. */
const script = {
  name,
  inline: z
    .array(z.string())
    .min(1)
    .exactOptional()
    .describe("Commands, one after another; or else `scriptUri`.")
    .meta({ examples: [["echo one", "echo two"]] }),
  scriptUri: uri
    .exactOptional()
    .describe("A script, which image builder fetches itself from the Internet as the template is made.")
    .meta({ examples: ["https://example.com/harden.sh"] }),
  sha256Checksum: sha256Checksum.exactOptional().describe("What `sha256sum` tells of the script."),
  unchecked,
  script: scriptPath
    .exactOptional()
    .describe(
      "A script that lies beside the recipe: up to 64 KiB its text is put into the template; a longer one into the container of `GOLDSMITH_SCRIPT_CONTAINER`.",
    )
    .meta({ examples: ["scripts/harden.sh"] }),
};

const elevation = {
  runElevated: z.boolean().exactOptional().describe("Whether it runs with elevated privileges."),
  runAsSystem: z.boolean().exactOptional().describe("Whether it runs as Local System; takes `runElevated: true`."),
  validExitCodes: z
    .array(z.int32())
    .min(1)
    .exactOptional()
    .describe("Exit codes that count as success; 0 unless told.")
    .meta({ examples: [[0, 3010]] }),
};

interface Script {
  inline?: string[] | undefined;
  scriptUri?: string | undefined;
  sha256Checksum?: string | undefined;
  unchecked?: true | undefined;
  script?: string | undefined;
}

const NOT_PUT_IN = "is not put in: only recipes in files name others";

function checkScript(step: Script, context: z.RefinementCtx<Script>): void {
  const { inline, scriptUri, script: beside } = step;
  const fault = (message: string, path: string[] = []) => context.addIssue({ code: "custom", path, message });
  if (inline && scriptUri) fault("takes either inline or scriptUri", ["scriptUri"]);
  if (beside) fault(inline || scriptUri ? "takes either inline, scriptUri or script" : NOT_PUT_IN, ["script"]);
  else if (!inline && !scriptUri) fault("takes either inline, scriptUri or script");
  const ofChecksum = checksumFault(step, "scriptUri");
  if (ofChecksum) fault(ofChecksum.message, ofChecksum.path);
}

interface Elevation {
  runElevated?: boolean | undefined;
  runAsSystem?: boolean | undefined;
}

function checkElevation({ runElevated, runAsSystem }: Elevation, context: z.RefinementCtx<Elevation>): void {
  if (!runAsSystem || runElevated) return;
  context.addIssue({ code: "custom", path: ["runAsSystem"], message: "takes runElevated: true beside it" });
}

const shell = z
  .strictObject({ type: z.literal("Shell"), ...script })
  .superRefine(checkScript)
  .describe("Runs commands or a script on Linux; `sudo` where they need it.");

const powerShell = z
  .strictObject({ type: z.literal("PowerShell"), ...script, ...elevation })
  .superRefine(checkScript)
  .superRefine(checkElevation)
  .describe("Runs commands or a script on Windows.");

const file = z
  .strictObject({
    type: z.literal("File"),
    name,
    sourceUri: uri
      .exactOptional()
      .describe("A file of less than 20 MB, which image builder fetches itself from the Internet.")
      .meta({ examples: ["https://example.com/app.conf"] }),
    file: scriptPath
      .exactOptional()
      .describe(
        "A file that lies beside the recipe: up to 64 KiB it is put into the template, and a longer one into the container of `GOLDSMITH_SCRIPT_CONTAINER`; either way it is held against its checksum.",
      )
      .meta({ examples: ["files/app.conf"] }),
    sha256Checksum: sha256Checksum.exactOptional().describe("What `sha256sum` tells of the file."),
    unchecked,
    destination: wholePath
      .describe("Its whole path on the build VM; on Linux below `/tmp`.")
      .meta({ examples: ["/tmp/config.json", "C:\\config.json"] }),
  })
  .superRefine((step, context) => {
    const fault = checksumFault(step, "sourceUri");
    if (fault) context.addIssue({ code: "custom", ...fault });
    const { file: beside, sourceUri } = step;
    const message = beside && !sourceUri ? NOT_PUT_IN : "takes either sourceUri or file";
    if (beside || !sourceUri) context.addIssue({ code: "custom", path: beside ? ["file"] : [], message });
  })
  .describe("Puts a file onto the build VM.");

const windowsRestart = z
  .strictObject({
    type: z.literal("WindowsRestart"),
    name,
    restartCommand: z.string().min(1).exactOptional().describe("What restarts it; packer's own command unless told."),
    restartCheckCommand: z.string().min(1).exactOptional().describe("What succeeds once it is up again."),
    restartTimeout: z
      .string()
      .regex(/^(\d+[hms])+$/, { error: "takes a span of h, m and s: 5m" })
      .exactOptional()
      .describe("How long it may take; `5m` unless told.")
      .meta({ examples: ["10m"] }),
  })
  .describe("Restarts Windows, and waits for it.");

const windowsUpdate = z
  .strictObject({
    type: z.literal("WindowsUpdate"),
    name,
    searchCriteria: z
      .string()
      .min(1)
      .exactOptional()
      .describe("Which updates are looked for; all unless told.")
      .meta({ examples: ["IsInstalled=0"] }),
    filters: z
      .array(z.string().min(1))
      .min(1)
      .exactOptional()
      .describe("Which of those are taken; all unless told.")
      .meta({ examples: [["exclude:$_.Title -like '*Preview*'", "include:$true"]] }),
    updateLimit: z.int32().min(0).exactOptional().describe("How many are installed at a time; 1000 unless told."),
  })
  .describe("Installs Windows updates.");

/** In a folder: what lies with the recipes is one. */
export const snippetPath = besidePath("snippets/hardening.yaml").regex(/\/.*\.yaml$/, {
  error: "takes a .yaml file in a folder beside the recipes",
});

const include = z
  .strictObject({
    type: z.literal("Include"),
    include: snippetPath
      .describe("Path of a file with a list of steps, from the recipes' folder, in a folder below it.")
      .meta({ examples: ["snippets/hardening.yaml"] }),
  })
  .describe("The steps of a snippet: `include: snippets/hardening.yaml`, the `type` need not be written.");

export const customize = z
  .array(shorthand(z.discriminatedUnion("type", [shell, powerShell, file, windowsRestart, windowsUpdate, include])))
  // A recipe that is read from its file has the steps themselves by now.
  .transform((steps, context) =>
    steps.flatMap((step, at) => {
      if (step.type !== "Include") return [step];
      context.addIssue({
        code: "custom",
        path: [at],
        message: "is not put in: only recipes in files include anything",
      });
      return [];
    }),
  )
  .describe("What is done to the source, step by step.");

/** What a validator can be. */
export const validation = z.discriminatedUnion("type", [shell, powerShell, file]);

/** A step that runs or fetches something. */
export type Step = z.infer<typeof customize>[number] | z.infer<typeof validation>;
