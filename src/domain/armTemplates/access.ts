import { isJsonObject, type Json, kindOf, propertyOf } from "../json.ts";
import { deploymentProperty, resourceGroupProperty, subscriptionProperty } from "./deployment.ts";
import type { Surroundings } from "./evaluateExpression.ts";
import type { Expression } from "./parseExpression.ts";
import { TemplateFault } from "./templateFault.ts";

/** Some properties are known where the whole object is not. */
export function property(
  expression: Expression & { kind: "property" },
  around: Surroundings,
  evaluate: (expression: Expression, around: Surroundings) => Json,
): Json {
  const { of, name } = expression;
  const { target, evaluation } = around.scope;
  if (of.kind === "call") {
    switch (of.name.toLowerCase()) {
      case "resourcegroup":
        return resourceGroupProperty(target, name, evaluation);
      case "subscription":
        return subscriptionProperty(target, name);
      case "deployment":
        return deploymentProperty(target, name, evaluation);
    }
  }
  const output = outputOf(expression);
  if (output) {
    const [id, ...rest] = output.reference.args;
    const deployment = id && rest.length < 3 ? evaluate(id, around) : null;
    const found = typeof deployment === "string" ? around.scope.outputOf(deployment, output.name) : undefined;
    if (found !== undefined) return found;
  }
  const location = locationOf(expression, around, evaluate);
  if (location !== undefined) return location;
  const object = evaluate(of, around);
  if (!isJsonObject(object)) throw new TemplateFault(`asks ${kindOf(object)} for its property ${name}`);
  const value = propertyOf(object, name);
  if (value === undefined) throw lacking(name, Object.keys(object));
  return value;
}

/** `reference(…).outputs.name.value`: what a deployment inside the same template yields. */
function outputOf({
  of,
  name,
}: Expression & { kind: "property" }): { reference: Expression & { kind: "call" }; name: string } | undefined {
  if (name.toLowerCase() !== "value" || of.kind !== "property" || of.of.kind !== "property") return undefined;
  const { of: reference, name: outputs } = of.of;
  if (outputs.toLowerCase() !== "outputs" || reference.kind !== "call" || reference.name.toLowerCase() !== "reference")
    return undefined;
  return { reference, name: of.name };
}

/** `reference(…, version, 'full').location`: Bicep makes it of the location of another resource in the file. */
function locationOf(
  { of, name }: Expression & { kind: "property" },
  around: Surroundings,
  evaluate: (expression: Expression, around: Surroundings) => Json,
): Json | undefined {
  if (name.toLowerCase() !== "location" || of.kind !== "call" || of.name.toLowerCase() !== "reference")
    return undefined;
  const [id, , full] = of.args;
  const isFull = full?.kind === "literal" && String(full.value).toLowerCase() === "full";
  const wanted = id && isFull ? evaluate(id, around) : undefined;
  return typeof wanted === "string" ? around.scope.locationOf(wanted) : undefined;
}

export function indexed(holder: Json, index: Json): Json {
  if (Array.isArray(holder) && typeof index === "number") {
    const item = holder[index];
    if (item === undefined) throw new TemplateFault(`asks for element ${index} of an array of ${holder.length}`);
    return item;
  }
  if (isJsonObject(holder) && typeof index === "string") {
    const value = propertyOf(holder, index);
    if (value === undefined) throw lacking(index, Object.keys(holder));
    return value;
  }
  throw new TemplateFault(`asks ${kindOf(holder)} for an element by ${kindOf(index)}`);
}

function lacking(name: string, names: string[]): TemplateFault {
  const known = names.length > 0 ? `; it has ${names.slice(0, 10).join(", ").slice(0, 200)}` : "";
  return new TemplateFault(`asks for the property ${name.slice(0, 100)}, which is not there${known}`);
}
