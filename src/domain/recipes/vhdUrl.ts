/**
 * Of a folder or a blob. Trust zones list containers, so a URL has to lead all who read it to the same one: it goes
 * without what URLs take for another path, as `..\` and `%2F`.
 */
const NAME = "[\\w-][\\w.-]*";
const START = "https://[a-z0-9]{3,24}\\.blob\\.core\\.windows\\.net/(?=[^/]{3,63}/)[a-z0-9]+(?:-[a-z0-9]+)*";

/** At the top of a container: Azure imports from nowhere else. */
export const SOURCE_VHD = new RegExp(`^${START}/${NAME}\\.vhd$`);
/** In folders as well. */
export const TARGET_VHD = new RegExp(`^${START}(?:/${NAME})+\\.vhd$`);

const ODD_NAME = "names a folder or a blob with more than letters, digits, _, - and . in it, or with . first";

/** What is wrong with the URL of a VHD; what has no message of its own is told `otherwise`. */
export function vhdFault(otherwise: string): (issue: { input?: unknown }) => string {
  return ({ input }) => {
    const [, names] = /^https:\/\/[^/]+\/[^/]+\/(.+)\.vhd$/.exec(String(input)) ?? [];
    const isPlain = names?.split("/").every((name) => new RegExp(`^${NAME}$`).test(name)) ?? true;
    return isPlain ? otherwise : ODD_NAME;
  };
}
