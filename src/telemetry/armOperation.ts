/** What a request to Azure Resource Manager does, in words of which there are few. */
export interface ArmOperation {
  /** Method and resource type, as in `PUT Microsoft.VirtualMachineImages/imageTemplates`. */
  operation: string;
  /** The path with placeholders for names. */
  template: string;
  /** Of the resource provider. */
  namespace: string;
}

const RESOURCES = "Microsoft.Resources";
const NAMESPACE = /^[A-Za-z]+(\.[A-Za-z0-9]+)+$/;
const WORD = /^[A-Za-z][A-Za-z0-9.]{0,60}$/;

/** Reads it from a URL, of which the query is left alone. */
export function armOperation(method: string, url: string): ArmOperation {
  const segments = new URL(url).pathname.split("/").filter(Boolean);
  const last = segments.lastIndexOf("providers");
  // What stands before the last provider is the scope of an extension resource, or where the resource lies.
  const [namespace = RESOURCES, ...rest] = last === -1 ? [RESOURCES, ...segments] : segments.slice(last + 1);
  const types = rest.filter((_, index) => index % 2 === 0);
  const type = last === -1 ? types.slice(-1) : types;
  const isKnown = NAMESPACE.test(namespace) && type.every((word) => WORD.test(word));
  return {
    operation: `${method} ${isKnown ? [namespace, ...type].join("/") : "other"}`,
    template: `/${templateOf(segments).join("/")}`,
    namespace: NAMESPACE.test(namespace) ? namespace : RESOURCES,
  };
}

/** Types stay, names go: they alternate, but for the namespace behind `providers`. */
function templateOf(segments: readonly string[]): string[] {
  const told: string[] = [];
  let isName = false;
  for (const [index, segment] of segments.entries()) {
    if (segments[index - 1] === "providers" && isName) {
      told.push(WORD.test(segment) ? segment : "{namespace}");
      isName = false;
      continue;
    }
    told.push(isName || !WORD.test(segment) ? "{name}" : segment);
    isName = !isName;
  }
  return told;
}
