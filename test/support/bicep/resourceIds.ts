/** @param type `Microsoft.Network/virtualNetworks/subnets` @param names one for each part but the first. */
export function idAt(scope: string, type: string, names: string[]): string {
  const [namespace, ...types] = type.split("/");
  if (types.length !== names.length) throw new Error(`${names.join("/")} is no name of a ${type}`);
  if (type === "Microsoft.Resources/resourceGroups") return `${scope}/resourceGroups/${names[0]}`;
  return `${scope}/providers/${namespace}${types.map((one, at) => `/${one}/${names[at]}`).join("")}`;
}
