import type { ResourceId } from "../resourceId.ts";

/** What a kind of resource may be called, as Azure's naming rules have it. */
interface NameRule {
  what: string;
  form: RegExp;
  takes: string;
}

const ENDS = "a letter or digit first and last";
const WORD = "[A-Za-z0-9]";

/** By type, in lower case. */
const RULES: Readonly<Record<string, NameRule>> = {
  "microsoft.compute/galleries": {
    what: "gallery",
    form: new RegExp(`^${WORD}([\\w.]{0,78}${WORD})?$`),
    takes: `1 to 80 letters, digits, _ and . there, ${ENDS}`,
  },
  "microsoft.compute/galleries/images": {
    what: "image definition",
    form: new RegExp(`^${WORD}([\\w.-]{0,78}${WORD})?$`),
    takes: `1 to 80 letters, digits, _, - and . there, ${ENDS}`,
  },
  "microsoft.compute/images": { what: "managed image", ...nameUpTo(1, 80) },
  "microsoft.network/virtualnetworks": { what: "virtual network", ...nameUpTo(2, 64) },
  "microsoft.network/virtualnetworks/subnets": { what: "subnet", ...nameUpTo(1, 80) },
  "microsoft.managedidentity/userassignedidentities": {
    what: "identity",
    form: new RegExp(`^${WORD}[\\w-]{2,127}$`),
    takes: "3 to 128 letters, digits, _ and - there, a letter or digit first",
  },
};

const GROUP: NameRule = {
  what: "resource group",
  form: /^[\w().-]{0,89}[\w()-]$/,
  takes: "1 to 90 letters, digits, _, -, ( and ) and . there, no . last",
};

/** @returns what Azure has against a name in an id; undefined where it would take all of them. */
export function illegalNameIn({ resourceGroup, type, names }: ResourceId): string | undefined {
  const [namespace = "", ...kinds] = type.toLowerCase().split("/");
  const named = names.map((name, at) => ({ name, rule: RULES[[namespace, ...kinds.slice(0, at + 1)].join("/")] }));
  for (const { name, rule } of [{ name: resourceGroup, rule: GROUP }, ...named]) {
    if (rule && !rule.form.test(name)) return `names the ${rule.what} ${name}; Azure takes ${rule.takes}`;
  }
  return undefined;
}

function nameUpTo(least: number, most: number): Pick<NameRule, "form" | "takes"> {
  const rest = least === 1 ? `([\\w.-]{0,${most - 2}}\\w)?` : `[\\w.-]{${least - 2},${most - 2}}\\w`;
  return {
    form: new RegExp(`^${WORD}${rest}$`),
    takes: `${least} to ${most} letters, digits, _, - and . there, a letter or digit first, and last one of these or _`,
  };
}
