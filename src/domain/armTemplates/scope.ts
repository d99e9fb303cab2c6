import {
  isJsonObject,
  type Json,
  type JsonObject,
  type JsonPath,
  nameIgnoringCase,
  propertyOf,
  textProperty,
} from "../json.ts";
import type { Arguments } from "./arguments.ts";
import { dated } from "./dates.ts";
import { declaredLocation } from "./declaredLocation.ts";
import type { DeploymentTarget, Evaluation } from "./deployment.ts";
import { expandValue } from "./expandValue.ts";
import { guid } from "./hashes.ts";
import { checkParameter, type GivenParameters, parameterType, valueOfText } from "./parameters.ts";
import { attempt, TemplateFault } from "./templateFault.ts";
import { functionCall } from "./userFunctions.ts";

const NO_LOOPS = { copies: new Map<string, number>(), lambdas: new Map<string, Json>() };

/** One template with its parameters and variables, each evaluated once and only when it is asked for. */
export class Scope {
  readonly template: JsonObject;
  /** Where the template stands in the file; nothing for the file's own. */
  readonly path: JsonPath;
  readonly target: DeploymentTarget;
  readonly evaluation: Evaluation;
  readonly #given: GivenParameters;
  readonly #known = new Map<string, Json>();
  readonly #locations = new Map<string, Json | undefined>();
  /** Being evaluated: whoever asks for one of these goes round in circles. */
  readonly #underWay = new Set<string>();
  /** Reads an output of a deployment inside this template, by the deployment's symbol, name or id. */
  findOutput: ((deployment: string, output: string) => Json | undefined) | undefined;

  constructor(
    template: JsonObject,
    {
      path = [],
      target,
      given,
      evaluation,
    }: { path?: JsonPath; target: DeploymentTarget; given: GivenParameters; evaluation: Evaluation },
  ) {
    this.template = template;
    this.path = path;
    this.target = target;
    this.evaluation = evaluation;
    this.#given = given;
  }

  /** @throws TemplateFault also where it has no value. */
  parameter(name: string): Json {
    const { own, definition, path } = this.#declared("parameters", name, "parameter");
    if (!isJsonObject(definition)) throw new TemplateFault("is no definition of a parameter", { path });
    return this.#once(`parameters/${own}`, path, () => {
      const type = parameterType(definition, this.template);
      const value = this.#valueOf(own, definition, type, path);
      if (value === null && propertyOf(definition, "nullable") === true) return null;
      checkParameter(value, type, definition);
      if (type.startsWith("secure") && Object.keys(Object(value)).length > 0) throw secret(type, path);
      return value;
    });
  }

  variable(name: string): Json {
    const { own, definition, path, copied } = this.#declared("variables", name, "variable");
    return this.#once(`variables/${own}`, path, () =>
      copied
        ? (propertyOf(
            expandValue({ copy: [definition] }, { scope: this, ...NO_LOOPS }, this.#at("variables")) as JsonObject,
            own,
          ) ?? null)
        : expandValue(definition, { scope: this, ...NO_LOOPS }, path),
    );
  }

  userFunction(name: string, args: () => readonly Json[]): Json {
    const called = functionCall(this.template, name, args);
    const path = [...this.#at("functions"), ...called.path];
    const { template, given, output } = called;
    const scope = new Scope(template, { path: this.path, target: this.target, given, evaluation: this.evaluation });
    return expandValue(output, { scope, ...NO_LOOPS }, path);
  }

  /** What is another at each deployment, and so may stand in the defaults of parameters only. */
  onceOnly(name: string, args: Arguments): Json {
    const { now } = this.target;
    if (![...this.#underWay].some((key) => key.startsWith("parameters/"))) {
      throw new TemplateFault(`uses ${args.of}() outside of a parameter's default, which ARM does not take`);
    }
    if (!now) {
      const mend = this.path.length > 0 ? ": goldsmith import takes it of its own time, and makes a recipe of it" : "";
      throw new TemplateFault(`uses ${args.of}(), which is another each time${mend}`);
    }
    if (name === "newguid") return guid([now.toISOString(), ...this.path.map(String), ...this.#underWay]);
    return dated(now, args.expect(0, 1).count > 0 ? args.text(0) : undefined);
  }

  outputOf(deployment: string, output: string): Json | undefined {
    return this.findOutput?.(deployment, output);
  }

  /** Where a resource lies that this template makes, by its symbolic name, its name or its id. */
  locationOf(resource: string): Json | undefined {
    const key = resource.toLowerCase();
    // Also while it is looked for: what is made out of itself is nowhere.
    if (!this.#locations.has(key)) {
      this.#locations.set(key, undefined);
      this.#locations.set(key, declaredLocation(this, resource));
    }
    return this.#locations.get(key);
  }

  /** Parameters that are given and that the template has not. */
  strayParameters(): string[] {
    const declared = propertyOf(this.template, "parameters");
    return [...this.#given.keys()].filter(
      (name) => !isJsonObject(declared) || nameIgnoringCase(declared, name) === undefined,
    );
  }

  #valueOf(name: string, definition: JsonObject, type: string, path: JsonPath): Json {
    const given = this.#given.get(name.toLowerCase());
    switch (given?.kind) {
      case "value":
        if (given.value !== null || propertyOf(definition, "nullable") === true) return given.value;
        break;
      case "text":
        return valueOfText(given.text, type);
      case "outer":
        return given.read();
      case "secret":
        throw secret("of a key vault", path);
    }
    const fallback = propertyOf(definition, "defaultValue");
    if (fallback !== undefined) {
      return this.#defaultOf(name, fallback, [...path, "defaultValue"]);
    }
    if (propertyOf(definition, "nullable") === true) return null;
    if (type.startsWith("secure")) throw secret(type, path);
    if (this.path.length > 0)
      throw new TemplateFault("has no default, and the deployment that it belongs to gives it no value", { path });
    throw new TemplateFault("has no default, and was given no value", { path, need: "parameter" });
  }

  #defaultOf(name: string, fallback: Json, path: JsonPath): Json {
    const value = attempt(
      () => expandValue(fallback, { scope: this, ...NO_LOOPS }, path),
      (fault) => {
        // Nobody can give values to the parameters of a deployment inside the file.
        if (fault.need !== undefined || this.path.length > 0) throw fault;
        throw fault.with(`give the parameter ${name} a value`, "parameter");
      },
    );
    if (typeof fallback === "string" && /\b(utcNow|newGuid)\s*\(/i.test(fallback)) {
      this.evaluation.notes.add(
        `the parameter ${name} has its value of this import, ${JSON.stringify(value).slice(0, 50)}: in a deployment it is another each time`,
      );
    }
    return value ?? null;
  }

  #declared(
    section: "parameters" | "variables",
    name: string,
    what: string,
  ): { own: string; definition: Json; path: JsonPath; copied?: boolean } {
    const all = propertyOf(this.template, section);
    const own = isJsonObject(all) ? nameIgnoringCase(all, name) : undefined;
    const definition = isJsonObject(all) && own !== undefined ? all[own] : undefined;
    if (own !== undefined && definition !== undefined && own.toLowerCase() !== "copy")
      return { own, definition, path: [...this.#at(section), own] };
    const loops = isJsonObject(all) ? propertyOf(all, "copy") : undefined;
    if (section === "variables" && Array.isArray(loops)) {
      const loop = loops.find(
        (one) => isJsonObject(one) && textProperty(one, "name")?.toLowerCase() === name.toLowerCase(),
      );
      if (loop !== undefined)
        return { own: name, definition: loop, path: [...this.#at(section), "copy"], copied: true };
    }
    throw new TemplateFault(`asks for the ${what} ${name.slice(0, 100)}, which the template does not have`);
  }

  #at(section: string): JsonPath {
    return [...this.path, nameIgnoringCase(this.template, section) ?? section];
  }

  #once(key: string, path: JsonPath, work: () => Json): Json {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#underWay.has(key)) throw new TemplateFault("is made out of itself", { path });
    this.#underWay.add(key);
    try {
      const value = work();
      this.#known.set(key, value);
      return value;
    } catch (error) {
      if (error instanceof TemplateFault) error.path ??= path;
      throw error;
    } finally {
      this.#underWay.delete(key);
    }
  }
}

function secret(what: string, path: JsonPath): TemplateFault {
  const message = `is a secret (${what}), and neither a template of image builder's nor a recipe may hold one`;
  return new TemplateFault(message, { path });
}
