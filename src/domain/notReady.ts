import * as z from "zod";
import { component } from "./component.ts";
import { StepDelayed } from "./failure.ts";
import type { Work } from "./work.ts";

/** An application setting that keeps the service from working, as anybody may be told of it: never its value. */
export const SettingFault = component(
  "SettingFault",
  z.strictObject({
    setting: z.string().describe("Its name; its value is told to nobody."),
    state: z.enum(["missing", "wrong"]),
    mend: z.string().describe("What it takes, an example, and where it is set."),
  }),
);
export type SettingFault = z.infer<typeof SettingFault>;

/** @returns undefined where it is known that such work may be done, else a promise that rejects with NotReady where it may not. */
export type MayWork = (work: Work) => Promise<void> | undefined;

export const ALWAYS: MayWork = () => undefined;

/** Does something where it may be done; at once where that is known. */
export function whenReady<T>(mayWork: MayWork, work: Work, run: () => Promise<T>): Promise<T> {
  return mayWork(work)?.then(run) ?? run();
}

export function waitingFor(faults: readonly SettingFault[]): string {
  const names = faults.map(({ setting, state }) => `${setting} (${state})`);
  return `The service begins nothing until its settings are mended: ${names.join(", ")}.`;
}

/** Seconds after which it is worth asking again: somebody has to change a setting first. */
const MENDED_SECONDS = 60;

/** Something is not done, since what the service is set to for it cannot be right: nothing is begun rather than failing halfway. */
export class NotReady extends StepDelayed {
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    super(waitingFor(faults), MENDED_SECONDS);
    this.name = "NotReady";
    this.faults = faults;
  }
}
