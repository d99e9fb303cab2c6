import { type JsonPath, pathText } from "../json.ts";

/** What the person who reads a template would have to tell, and did not. */
export type Need = "subscription" | "resource-group" | "location" | "parameter" | "resource";

/** Why a template cannot be evaluated: the one error that leaves this folder. */
export class TemplateFault extends Error {
  override readonly name = "TemplateFault";
  /** Where in the template; the evaluator fills it in on the way up. */
  path: JsonPath | undefined;
  /** The expression, as it stands there. */
  expression: string | undefined;
  readonly need: Need | undefined;
  /** Whether nothing further may be tried: the template costs too much. */
  readonly isFinal: boolean;

  constructor(
    message: string,
    { path, need, isFinal = false }: { path?: JsonPath; need?: Need; isFinal?: boolean } = {},
  ) {
    super(message);
    this.path = path;
    this.need = need;
    this.isFinal = isFinal;
  }

  /** The same fault, and what can be done about it. */
  with(mend: string, need: Need): TemplateFault {
    const fault = new TemplateFault(`${this.message}: ${mend}`, { need });
    fault.path = this.path;
    fault.expression = this.expression;
    return fault;
  }

  /** `resources[0].location: … in [resourceGroup().location]`. */
  describe(): string {
    const where = pathText(this.path ?? []) || "the template";
    const expression = this.expression === undefined ? "" : ` in ${shortened(this.expression)}`;
    return `${where}: ${this.message}${expression}`;
  }
}

/** The result, or undefined where it cannot be told; what costs too much is a fault all the same. */
export function attempt<T>(work: () => T, caught: (fault: TemplateFault) => void = () => undefined): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TemplateFault) || error.isFinal) throw error;
    caught(error);
    return undefined;
  }
}

export function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 197)}…` : text;
}
