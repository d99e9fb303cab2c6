/** Decodes a piece of a path, all but an encoded slash, which would look like one that parts segments. */
export function decodePath(text: string): string {
  const pieces = text.split(/(%2f)/i);
  return pieces.map((piece) => (/^%2f$/i.test(piece) ? piece : decodePiece(piece))).join("");
}

function decodePiece(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
