import type { ParameterValue } from "../buildRequest.ts";
import type { Recipe } from "./schema.ts";
import { scriptTypeOf } from "./scriptType.ts";

type Step = Recipe["customize"][number];

const LINUX_FOLDER = "/var/lib/goldsmith";
const WINDOWS_FOLDER = "C:\\ProgramData\\Goldsmith";

/**
 * The step before all others, which puts a build's parameters onto the build VM as JSON. As base 64 no value can be
 * anything but data, whatever it holds.
 *
 * @returns none where there are no parameters.
 */
export function parameterSteps(values: Readonly<Record<string, ParameterValue>>, steps: readonly Step[]): Step[] {
  if (Object.keys(values).length === 0) return [];
  const data = Buffer.from(JSON.stringify(values), "utf8").toString("base64");
  return [scriptTypeOf(steps) === "Shell" ? linuxStep(data) : windowsStep(data)];
}

function linuxStep(data: string): Step {
  return {
    type: "Shell",
    name: "parameters",
    inline: [
      `sudo install -d -m 0755 ${LINUX_FOLDER}`,
      `echo ${data} | base64 -d | sudo tee ${LINUX_FOLDER}/parameters.json > /dev/null`,
      `sudo chmod 0644 ${LINUX_FOLDER}/parameters.json`,
    ],
  };
}

function windowsStep(data: string): Step {
  return {
    type: "PowerShell",
    name: "parameters",
    inline: [
      `New-Item -ItemType Directory -Force -Path '${WINDOWS_FOLDER}' -ErrorAction Stop | Out-Null`,
      `[IO.File]::WriteAllBytes('${WINDOWS_FOLDER}\\parameters.json', [Convert]::FromBase64String('${data}'))`,
    ],
  };
}
