import type { Azure } from "../azure.ts";
import { detail, failingLines, type LogLine, step, telemetry } from "./packerLog.ts";
import type { Customizer, Validator } from "./templateSchema.ts";

/** What a list of steps will do on the build machine. */
export interface Plan {
  lines: LogLine[];
  /** When the last step ends, or the one that fails. */
  end: number;
  failed: boolean;
}

type Step = Customizer | Validator;

/** Commands that are this and nothing else. Each pattern reads what it is given once, however long that is. */
const ECHO = /^echo[ \t]+(?=[^\s-])(["']?)([^"'$`|><&;\n]+)\1$/;
const EXIT = /^exit\s+(\d+)\s*;?$/;

const PROVISIONERS: Record<Step["type"], string> = {
  Shell: "shell",
  PowerShell: "powershell",
  File: "file",
  WindowsRestart: "windows-restart",
  WindowsUpdate: "windows-update",
};

/** Steps one after another, from `start`; the first that fails is the last. Seeded by `run`. */
export function planSteps(azure: Azure, template: string, steps: Step[], start: number, run: string): Plan {
  const pace = paceOf(azure, steps, run);
  const doomed = doomedStep(azure, template, steps);
  const lines: LogLine[] = [];
  let at = start;
  for (const [index, one] of steps.entries()) {
    const provisioner = PROVISIONERS[one.type];
    const script = (one.name || `step-${index}`).replace(/[^\w.-]+/g, "-");
    lines.push(telemetry(at, `Starting provisioner ${provisioner}`), step(at, titleOf(one, script)));
    const done = runStep(one, at, pace(index), doomed?.index === index ? doomed : undefined);
    lines.push(...done.lines);
    at = done.end;
    if (done.exitCode !== 0) {
      const allowed = (one.type === "PowerShell" && one.validExitCodes?.join(" ")) || "0";
      const problem = `Script exited with non-zero exit status: ${done.exitCode}. Allowed exit codes are: [${allowed}]`;
      lines.push(telemetry(at, `ending ${provisioner}`), ...failingLines(at, problem, "StepProvision"));
      return { lines, end: at, failed: true };
    }
    lines.push(telemetry(at, `ending ${provisioner}`));
  }
  lines.push(telemetry(at, "Finalizing."));
  return { lines, end: at, failed: false };
}

function titleOf(one: Step, script: string): string {
  switch (one.type) {
    case "Shell":
      return `Provisioning with shell script: /tmp/packer-shell-${script}`;
    case "PowerShell":
      return `Provisioning with Powershell... powershell-${script}`;
    case "File":
      return `Uploading ${one.sourceUri ?? ""} => ${one.destination ?? ""}`;
    case "WindowsRestart":
      return "Restarting Machine";
    default:
      return "Running Windows update...";
  }
}

/** Milliseconds of each command of a step; of a step without commands, of the step. */
type Durations = number[];

/** All inline commands together keep to a bound, whatever their number. */
function paceOf(azure: Azure, steps: Step[], run: string): (index: number) => Durations {
  const { commandSeconds, scriptSeconds, windowsUpdateSeconds, allCommandsSeconds } = azure.settings.run;
  const durations = steps.map((one, index) => {
    const inline = "inline" in one ? (one.inline ?? []) : [];
    if (inline.length > 0)
      return inline.map((_, at) => azure.random.milliseconds(commandSeconds, "command", run, index, at));
    const range =
      one.type === "WindowsUpdate" ? windowsUpdateSeconds : one.type === "File" ? commandSeconds : scriptSeconds;
    return [azure.random.milliseconds(range, "script", run, index)];
  });
  const commands = durations.filter((_, index) => "inline" in (steps[index] ?? {})).flat();
  const whole = commands.reduce((sum, one) => sum + one, 0);
  const factor = Math.min(1, (allCommandsSeconds * 1000) / Math.max(1, whole));
  return (index) =>
    (durations[index] ?? []).map((one) => Math.round("inline" in (steps[index] ?? {}) ? one * factor : one));
}

/** The step that a scenario lets fail, and what it says. */
function doomedStep(azure: Azure, template: string, steps: Step[]): { index: number; line?: string } | undefined {
  const last = steps.length - 1;
  const indexOf = (name?: string) => (name ? steps.findIndex((step) => step.name === name) : last);
  const meant = azure.faults.take("customizer", template, ({ told }) => indexOf(told.customizer) >= 0);
  if (!meant) return undefined;
  return { index: indexOf(meant.told.customizer), ...(meant.told.line ? { line: meant.told.line } : {}) };
}

function runStep(
  one: Step,
  start: number,
  durations: Durations,
  doom: { line?: string } | undefined,
): { lines: LogLine[]; end: number; exitCode: number } {
  const lines: LogLine[] = [];
  const end = durations.reduce((sum, duration) => sum + duration, start);
  const inline = "inline" in one ? (one.inline ?? []) : [];
  let at = start;
  for (const [index, command] of inline.entries()) {
    lines.push(...command.split("\n").map((line) => detail(at, `+ ${line}`)));
    at += durations[index] ?? 0;
    const said = ECHO.exec(command.trim())?.[2];
    if (said !== undefined) lines.push(detail(at, said));
    const exit = EXIT.exec(command.trim())?.[1];
    if (exit !== undefined) return { lines, end: at, exitCode: exitCodeOf(one, Number(exit)) };
  }
  if ("scriptUri" in one && one.scriptUri) lines.push(detail(start, `+ ${one.scriptUri}`));
  if (doom?.line) lines.push(step(end, doom.line));
  return { lines, end, exitCode: doom ? 1 : 0 };
}

/** A shell's codes end at 255; PowerShell's do not, and its steps may name some that are as good as 0. */
function exitCodeOf(one: Step, code: number): number {
  if (one.type !== "PowerShell") return code % 256;
  return one.validExitCodes?.includes(code) ? 0 : code;
}
