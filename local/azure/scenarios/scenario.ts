import * as z from "zod";
import type { ResourceType } from "../arm/resourceType.ts";
import type { AssignmentError } from "../authorization/roleAssignmentRules.ts";
import type { Azure } from "../azure.ts";
import type { RequestFaultInput } from "../control/requestFault.ts";
import type { Template } from "../imageBuilder/templateState.ts";
import type { Landscape } from "../../landscape.ts";
import type { SettingsChange } from "../settings.ts";
import type { StoredResource } from "../store/state.ts";

/** What a scenario does. Texts may hold `{…}` of `fillText`. */
export type Effect =
  /** ARM, or what stands before it, answers so. */
  | { on: "request"; fault: RequestFaultInput }
  /** The cloud is so from the moment somebody asks for it, until somebody changes it there. */
  | { on: "cloud"; change: (azure: Azure) => void }
  /** The same just before image builder looks; `change` says whether the template has what it is about. */
  | { on: "ground"; before: "creation" | "run" | "deletion"; change: (azure: Azure, template: Template) => boolean }
  /** ARM knows a resource type so. */
  | { on: "types"; change: (type: ResourceType, landscape: Landscape) => ResourceType }
  /** Image builder does not find the source. */
  | { on: "source"; before: "creation" | "run" }
  /** Image builder finds this against a template that is being made. */
  | { on: "creation"; code: string; message: string }
  /** The deletion of a template ends so, and the template stays. */
  | { on: "deletion"; code: string; message: string }
  /** A run fails in that phase; of distributing, that may concern targets of one kind only. */
  | { on: "run"; phase: RunPhase; message: string; target?: TargetType }
  /** Packer fails in that phase, or without a `problem` waits for ever: the message of the run tells only where the log lies. */
  | { on: "packer"; phase: PackerPhase; problem?: string; log?: string[] }
  /** The log says this too, and nothing comes of it. */
  | { on: "log"; lines: string[] }
  /** The log is so much longer, by lines that say nothing. */
  | { on: "log-size"; bytes: number }
  /** The step that `customizer` names, or the last one, exits with 1, having said `line`. */
  | { on: "customizer" }
  /** What is done as a template's identity lacks these actions. */
  | { on: "access"; withheld: string[] }
  /** Nobody has these actions, for want of a role or because a condition is not met. */
  | { on: "rights"; withheld: string[]; conditionNotMet: boolean }
  /** A role assignment that is well-formed is refused so. */
  | { on: "assignment"; error: AssignmentError }
  /** There is a deny assignment of these actions, by `scope` and `principal`. */
  | { on: "deny"; actions: string[] }
  /** Changes of role assignments, by `role`, `scope` and `principal`, are noticed after `seconds`; null is never. */
  | { on: "propagation"; seconds: number | null }
  /** What is cancelled stays Canceling. */
  | { on: "cancel" }
  /** The staging group stays for a while when its template is gone. */
  | { on: "staging" }
  | { on: "settings"; settings: SettingsChange };

export type TargetType = "SharedImage" | "ManagedImage" | "VHD";
/** Those in which something can fail that is not packer's. */
export type RunPhase = "Building" | "Distributing";
export type PackerPhase = "Starting" | "Connecting" | "Customizing";

const text = z.string().optional();

/** What scenarios can be told besides their name; each takes some of it. */
export const parameters = z.strictObject({
  /** Name of the one template that it is for. */
  template: text,
  /** How often it happens; without it, always. */
  count: z.int().min(1).optional(),
  seconds: z.number().min(0).optional(),
  role: text,
  scope: text,
  principal: text,
  customizer: text,
  line: text,
  bytes: z.int().min(0).optional(),
});

type Parameter = keyof z.infer<typeof parameters>;

/** Something that goes wrong in Azure, by a name that can be asked for. */
export interface Scenario {
  does: string;
  /** `errors #13`, `1.5`: the row of what is known of Azure. */
  source: string;
  takes?: Parameter[];
  /** How often it happens where nobody tells a `count`; without it, always. */
  count?: number;
  effects: Effect[];
}

/** A scenario of one effect. */
export const scenario = (source: string, does: string, effect: Effect, ...takes: Parameter[]): Scenario => ({
  does,
  source,
  takes,
  effects: [effect],
});
/** Of templates: of one that is told, and so often as is told. */
export const ofTemplate = (source: string, does: string, effect: Effect): Scenario =>
  scenario(source, does, effect, "template", "count");
/** Azure behaves so as long as the scenario is on. */
export const behaves = (source: string, does: string, settings: SettingsChange): Scenario =>
  scenario(source, does, { on: "settings", settings });

/** What the first template brings that has such a thing is so just before image builder looks. */
export const onGround = (
  source: string,
  does: string,
  before: "creation" | "run",
  find: (azure: Azure, properties: Template["body"]["properties"]) => StoredResource | undefined,
  change: (azure: Azure, found: StoredResource) => void,
): Scenario => ({
  ...ofTemplate(source, does, {
    on: "ground",
    before,
    change(azure, { body }) {
      const found = find(azure, body.properties);
      if (found) change(azure, found);
      return found !== undefined;
    },
  }),
  count: 1,
});

export type ScenarioTable = Record<string, Scenario>;
