/**
 * What people write where a value is to be filled in, and tools replace: `<region>`, `${region}`, `{{region}}`,
 * `{region}`, `#{region}#`, `$(region)`. None of Azure's ids, names and regions, and no URL, may have these.
 */
const ANYWHERE = /<[A-Za-z][\w .-]*>|[$#]\{[^}]*\}|\{\{[^}]*\}\}|\{[A-Za-z][\w .-]*\}|\$\([\w.]+\)/;
/** `%region%`, `$REGION`, `@@region@@`, `__region__`: in URLs, these may well be meant. */
const OUTSIDE_URLS = /%[A-Za-z][\w-]*%|\$[A-Za-z_]\w*|@@?[A-Za-z][\w-]*@@?|(?<=^|\/)__\w+?__(?=$|\/)/;

/** What of a text was to be replaced, and was not. */
export function placeholderIn(text: string): string | undefined {
  return (ANYWHERE.exec(text) ?? (URL.canParse(text) ? null : OUTSIDE_URLS.exec(text)))?.[0];
}
