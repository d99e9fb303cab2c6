/** Puts values where a text has `{name}`; what it has no value for stays. */
export function fillText(text: string, values: Record<string, string>): string {
  return text.replace(/\{([\w-]+)\}/g, (whole, name: string) => values[name] ?? whole);
}
