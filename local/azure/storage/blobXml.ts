const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** `<Name>Text</Name>`; children are put in as they are. */
export function element(name: string, content: string | string[], attributes = ""): string {
  return `<${name}${attributes}>${Array.isArray(content) ? content.join("") : escapeXml(content)}</${name}>`;
}

export function xmlDocument(root: string): string {
  return `\ufeff<?xml version="1.0" encoding="utf-8"?>${root}`;
}
