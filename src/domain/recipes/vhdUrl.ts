/**
 * Of a folder or a blob. Trust zones list containers, so a URL has to lead all who read it to the same one: it goes
 * without what URLs take for another path, as `..\` and `%2F`.
 */
const NAME = "[\\w-][\\w.-]*";
/** 3 to 63 of a-z, 0-9 and single hyphens between. */
const CONTAINER = "(?=[a-z0-9-]{3,63}(?:/|$))[a-z0-9]+(?:-[a-z0-9]+)*";
const START = `https://[a-z0-9]{3,24}\\.blob\\.core\\.windows\\.net/${CONTAINER}`;

/** At the top of a container: Azure imports from nowhere else. */
export const SOURCE_VHD = new RegExp(`^${START}/${NAME}\\.vhd$`);
/** In folders as well. */
export const TARGET_VHD = new RegExp(`^${START}(?:/${NAME})+\\.vhd$`);

const ODD_NAME = "names a folder or a blob with more than letters, digits, _, - and . in it, or with . first";
const NO_CONTAINER = "names a container that Azure has not: it takes 3 to 63 of a-z, 0-9 and single hyphens between";

const OTHER_CLOUDS = /\.blob\.core\.(chinacloudapi\.cn|usgovcloudapi\.net|cloudapi\.de)$/;
const OTHER_CLOUD =
  "is in another of Azure's clouds: the service and its identities are of the public one, *.core.windows.net";

/** What is wrong with the URL of a VHD; what has no message of its own is told `otherwise`. */
export function vhdFault(otherwise: string): (issue: { input?: unknown }) => string {
  return ({ input }) => {
    const [, host, container, names] = /^https:\/\/([^/]+)\/([^/]+)\/(.+)\.vhd$/.exec(String(input)) ?? [];
    if (!host || !container || !names) return otherwise;
    if (OTHER_CLOUDS.test(host)) return OTHER_CLOUD;
    if (!isAll(CONTAINER, container)) return NO_CONTAINER;
    return names.split("/").every((name) => isAll(NAME, name)) ? otherwise : ODD_NAME;
  };
}

function isAll(form: string, text: string): boolean {
  return new RegExp(`^${form}$`).test(text);
}
