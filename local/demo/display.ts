import type { BuildAnswer, Receipt } from "./service.ts";

/** Minutes and seconds: 03:05. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return [Math.floor(whole / 60), whole % 60].map((number) => String(number).padStart(2, "0")).join(":");
}

/** How a build is doing, in one line. */
export function progressLine({ phase, elapsedSeconds = 0, expectedSeconds, grants = [] }: BuildAnswer): string {
  const expected = expectedSeconds ? ` of about ${clockTime(expectedSeconds)}` : "";
  const held = grants.length > 0 ? grants.map(({ role }) => role).join(", ") : "none";
  return `${clockTime(elapsedSeconds)}${expected}  ${(phase ?? "accepted").padEnd(24)} grants held: ${held}`;
}

/** A receipt as a timeline, its times counted from the start. */
export function receiptText(receipt: Receipt): string {
  const since = (at: string) => clockTime((Date.parse(at) - Date.parse(receipt.startedAt)) / 1000);
  const { outcome, cleanUp, log } = receipt;
  const lines = receipt.timeline.map(({ at, event, detail }) =>
    `  ${since(at)}  ${event.padEnd(16)} ${shortId(detail ?? "")}`.trimEnd(),
  );
  lines.push(`  ${since(receipt.endedAt)}  done`, "");
  lines.push(`  outcome:    ${outcome.kind}`);
  if (outcome.runSeconds) lines.push(`  run:        ${clockTime(outcome.runSeconds)} of image builder's`);
  for (const version of outcome.imageVersions ?? []) lines.push(`  image:      ${version}`);
  if (outcome.failure) {
    const { message, why, mend, owner } = outcome.failure;
    lines.push(`  what:       ${message}`, `  why:        ${why}`, `  what to do: ${mend} (${owner})`);
  }
  for (const { seen, mend, command } of outcome.findings ?? []) {
    lines.push(`  found:      ${seen}`, `  what to do: ${mend}`, ...(command ? [`    ${command}`] : []));
  }
  lines.push(
    `  log:        ${log.files?.map(({ url, bytes }) => `${url} (${bytes} bytes)`).join(", ") ?? log.why ?? "none"}`,
  );
  const left = cleanUp.leftovers ?? [];
  lines.push(`  leftovers:  ${left.length === 0 ? "none" : ""}`.trimEnd());
  for (const { id, command } of left) lines.push(`    ${id}`, `      ${command}`);
  return lines.join("\n");
}

/** Resource ids without the part that is the same for all of them. */
function shortId(text: string): string {
  return text.replaceAll(/\/subscriptions\/[^/]+\/resourceGroups\//g, "");
}
