import type { MayWork } from "../domain/notReady.ts";
import type { Answer } from "./answer.ts";

/** One time that an activity or an operation of an entity is carried out: a repetition is another one. */
export interface Execution {
  /** Of the activity, or `entity.operation`. */
  name: string;
  input: unknown;
  /** Of the orchestration that asked for it; of an entity's operation nobody tells. */
  instanceId: string;
  /** The host's own id of it: no two have the same. */
  invocationId: string;
  log: (level: "log" | "warn", line: string) => void;
}

/** What is put round each of them. */
export type Around = (execution: Execution, run: () => Promise<Answer>) => Promise<Answer>;

/** What every step goes by: whether it may be carried out now, and what is told of it. */
export interface StepRules {
  mayWork: MayWork;
  around: Around;
}
