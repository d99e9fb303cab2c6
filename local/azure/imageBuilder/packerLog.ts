import { lastName } from "../arm/resourceId.ts";
import { containersOf, findAccount, type Blob } from "../storage/storageAccounts.ts";
import { isWindowsBuild } from "./sourceImage.ts";
import type { Build, Run } from "./templateState.ts";

export const LOG_CONTAINER = "packerlogs";
const ASKED =
  "[c] Clean up and exit, [a] abort without cleanup, or [r] retry step (build may fail even if retry succeeds)?";

/** A line of packer's, and when it is written. */
export interface LogLine {
  at: number;
  stream: "OUT" | "ERR";
  text: string;
}

/** Opens a log of a run, where it is not open yet: from now on it can be seen. */
export function openLog({ azure, template, run }: Build, file = "customization.log"): void {
  const account = findAccount(azure, template.hidden.staging?.account ?? "");
  if (!account) return;
  const container = (containersOf(account)[LOG_CONTAINER] ??= { createdAt: azure.now, blobs: {} });
  const more = azure.faults.effects("log-size", template.name).map(({ effect, told }) => told.bytes ?? effect.bytes);
  const fillerBytes = more.reduce((sum, bytes) => sum + bytes, 0);
  container.blobs[`${run.logFolder}/${file}`] ??= {
    createdAt: azure.now,
    contentType: "text/plain",
    lines: [],
    ...(fillerBytes > 0 ? { fillerBytes } : {}),
  };
}

/** Adds lines, which show when their time comes. */
export function writeLog(build: Build, lines: LogLine[], file = "customization.log"): void {
  const { run } = build;
  const blob = findLog(build, file);
  blob?.lines.push(
    ...lines.map(({ at, stream, text }) => ({ at, text: `[${run.operation}] PACKER ${stream} ${text}` })),
  );
}

/** Takes back what has not been written yet: the run ends before. */
export function cutLogs(build: Build): void {
  const { azure } = build;
  for (const file of ["customization.log", "validation.log"]) {
    const blob = findLog(build, file);
    if (blob) blob.lines = blob.lines.filter(({ at }) => at <= azure.now);
  }
}

function findLog({ azure, template, run }: Build, file: string): Blob | undefined {
  const account = findAccount(azure, template.hidden.staging?.account ?? "");
  return account && containersOf(account)[LOG_CONTAINER]?.blobs[`${run.logFolder}/${file}`];
}

const out = (at: number, text: string): LogLine => ({ at, stream: "OUT", text });
export const step = (at: number, text: string) => out(at, `==> azure-arm: ${text}`);
export const detail = (at: number, text: string) => out(at, `    azure-arm: ${text}`);

/** Packer's own diary: `2026/11/21 09:25:00 packer-plugin: [INFO] (telemetry) …` */
export const telemetry = (at: number, text: string) => diary(at, "packer-provisioner", `(telemetry) ${text}`);

function diary(at: number, who: string, text: string): LogLine {
  const time = new Date(at).toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");
  return { at, stream: "ERR", text: `${time} ${who}: [INFO] ${text}` };
}

const protocolOf = ({ azure, template }: Build) =>
  isWindowsBuild(azure, template.body.properties.source) ? "WinRM" : "SSH";

/** How the build machine comes to be, until packer waits to get in. */
export function buildingLines(build: Build, connectedAt: number): LogLine[] {
  const { template, run } = build;
  const { startedAt: start } = run;
  const group = template.hidden.staging?.groupId.split("/").at(-1) ?? "";
  const at = (share: number) => Math.round(start + (connectedAt - start) * share);
  return [
    diary(at(0.1), "packer", "Packer version: 1.11.2 [go1.22.9 linux amd64]"),
    out(at(0.1), "azure-arm: output will be in this color."),
    step(at(0.1), "Running builder ..."),
    step(at(0.1), "Getting tokens using managed identity for Azure"),
    detail(at(0.12), "Creating Azure Resource Manager (ARM) client ..."),
    step(at(0.15), "Using existing resource group ..."),
    step(at(0.15), ` -> ResourceGroupName : '${group}'`),
    step(at(0.15), ` -> Location          : '${template.body.location}'`),
    step(at(0.2), "Validating deployment template ..."),
    step(at(0.3), "Deploying deployment template ..."),
    step(at(0.8), "Getting the VM's IP address ..."),
    step(at(0.8), ` -> VMName            : '${machineOf(run)}'`),
    step(at(0.85), `Waiting for ${protocolOf(build)} to become available...`),
  ];
}

export const connectedLine = (build: Build) => step(build.azure.now, `Connected to ${protocolOf(build)}!`);

export function optimizingLines(at: number, workloadScript: string | null | undefined): LogLine[] {
  return [
    telemetry(at, "Starting provisioner shell-local"),
    step(at, "Optimizing the image for a faster boot ..."),
    ...(workloadScript ? [detail(at, `+ ${workloadScript}`)] : []),
    telemetry(at, "ending shell-local"),
  ];
}

const machineOf = ({ machines }: Run) => lastName(machines.find((id) => id.includes("/virtualMachines/pkrvm")) ?? "");

export function capturingLines(start: number, run: Run): LogLine[] {
  return [
    step(start, "Querying the machine's properties ..."),
    step(start + 2000, ` -> VMName            : '${machineOf(run)}'`),
    step(start + 5000, "Powering off machine ..."),
    step(start + 15_000, "Generalizing machine ..."),
    // Image builder captures the image itself, so packer has nothing to show for it. That is no failure.
    step(start + 18_000, "Skipping image creation..."),
    out(start + 20_000, "Build 'azure-arm' finished."),
    out(start + 20_000, "==> Builds finished but no artifacts were created."),
  ];
}

/** @param failed the step of packer's that failed; none where it has not come to the first. */
export function failingLines(at: number, problem: string, failed?: "StepConnect" | "StepProvision"): LogLine[] {
  return [
    step(at, problem),
    ...(failed ? [step(at, `Step "${failed}" failed`), step(at, ASKED)] : []),
    out(at, `Build 'azure-arm' errored: ${problem}`),
    out(at, "==> Some builds didn't complete successfully and had errors:"),
    out(at, `--> azure-arm: ${problem}`),
    out(at, "==> Builds finished but no artifacts were created."),
  ];
}

/** Packer is stopped in what it is at: what it would have said later is never written. */
export function stopPacker(build: Build, why: "context canceled" | "context deadline exceeded"): void {
  const { azure } = build;
  cutLogs(build);
  writeLog(build, [
    step(azure.now, `Cancelling builder after context cancellation ${why}`),
    out(azure.now, "Build 'azure-arm' errored: Build was cancelled."),
  ]);
}
