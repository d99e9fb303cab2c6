const SHARED =
  /^(?:\/subscriptions\/[^/]+\/providers\/Microsoft\.Compute\/locations\/[^/]+)?\/(shared|community)Galleries\//i;

/** @returns why an id that leads into somebody else's gallery is not taken; undefined for all other ids. */
export function sharedGalleryFault(id: string): string | undefined {
  const kind = SHARED.exec(id)?.[1]?.toLowerCase();
  if (kind === undefined) return undefined;
  const why =
    kind === "shared"
      ? "is in a gallery that its owner shares directly, where access is the owner's to give: the service can neither check nor lease it"
      : "is in a community gallery, from which image builder takes nothing";
  return `${why}; make a version of it in a gallery of the company's own, and name that`;
}
