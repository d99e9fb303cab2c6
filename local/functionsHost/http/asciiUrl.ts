/** A URL as it may stand in a request line or a header: what is no ASCII as its bytes in UTF-8, percent-encoded. */
export const asciiUrl = (url: string): string => url.replace(/[^\x21-\x7e]+/g, encoded);

const encoded = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
