import { z } from "zod";
import { component } from "./component.ts";
import { StepDelayed } from "./failure.ts";

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

/** @returns undefined where it is known that the service may work, else a promise that rejects with NotReady where it may not. */
export type MayWork = () => Promise<void> | undefined;

export const ALWAYS: MayWork = () => undefined;

/** Runs something where the service may work; at once where that is known. */
export function whenReady<T>(mayWork: MayWork, run: () => Promise<T>): Promise<T> {
  return mayWork()?.then(run) ?? run();
}

/** Seconds after which it is worth asking again: somebody has to change a setting first. */
const MENDED_SECONDS = 60;

/** The service does no work, since what it is set to cannot be right: nothing is begun rather than failing halfway. */
export class NotReady extends StepDelayed {
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    const names = faults.map(({ setting, state }) => `${setting} (${state})`);
    super(`The service does no work until its settings are mended: ${names.join(", ")}.`, MENDED_SECONDS);
    this.name = "NotReady";
    this.faults = faults;
  }
}
