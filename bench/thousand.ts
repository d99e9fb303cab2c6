/** A thousand builds at once: the most that one service is made for, with what becomes of its memory. */
import { buildAtOnce } from "./buildsAtOnce.ts";

export const measure = () => buildAtOnce(1000, "thousand");
