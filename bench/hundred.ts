/** A hundred builds at once: enough for Azure to throttle them, and soon over, so that it is tried with each change. */
import { buildAtOnce } from "./buildsAtOnce.ts";

export const measure = () => buildAtOnce(100, "hundred");
