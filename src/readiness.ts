import { type MayWork, NotReady, type SettingFault } from "./domain/notReady.ts";
import { inTheWay } from "./domain/work.ts";

/** What Azure says of the settings that name what is the service's own. */
export type GroundLook =
  | { kind: "right" }
  | { kind: "wrong"; faults: readonly SettingFault[] }
  /** Azure, or the way to it, gives no answer just now: nobody is kept from work by that, and it is asked again. */
  | { kind: "unknown"; why: string };

/** What the service may do, and where not, why. */
export interface Readiness {
  /** What is missing or wrong as the settings are written: where there is any, nothing at all is begun. */
  faults: readonly SettingFault[];
  /**
   * The same, or else what Azure has said of them the last time; it has it asked where that was never or is no longer
   * good, and waits for no answer.
   *
   * @returns undefined until there has been one.
   */
  known(): readonly SettingFault[] | undefined;
  /** Asks Azure, whatever it has said before. */
  ask(): Promise<GroundLook>;
  /** @throws NotReady. Azure is asked until it has once said that the settings are right: they stay as long as the process. */
  mayWork: MayWork;
}

/** Seconds for which an answer holds that is not yet the good one. */
const AGAIN_SECONDS = 30;

export interface ReadinessParts {
  faults: readonly SettingFault[];
  lookAtGround: () => Promise<GroundLook>;
  /** What is reached now, where that changes: what was said of one is not of another. */
  place?: () => unknown;
}

interface Look {
  place: unknown;
  at: number;
  answer: Promise<GroundLook>;
  /** Undefined until Azure has answered. */
  seen?: GroundLook;
  /** What was seen the time before. */
  before?: GroundLook | undefined;
}

/** One look at a time, however many want to work. */
export function readiness({ faults, lookAtGround, place = () => undefined }: ReadinessParts): Readiness {
  let last: Look | undefined;

  const isSettled = () => last !== undefined && last.place === place() && last.seen?.kind === "right";

  function ask(): Promise<GroundLook> {
    const answer = lookAtGround().catch(asUnknown);
    const before = last?.place === place() ? (last?.seen ?? last?.before) : undefined;
    const look: Look = { place: place(), at: Date.now(), answer, before };
    // What was right stays so for whoever works, whatever is seen later.
    if (!isSettled()) last = look;
    void answer.then((seen) => Object.assign(look, { seen, at: Date.now() }));
    return answer;
  }

  function look(): Promise<GroundLook> {
    const isOver = last?.seen && last.seen.kind !== "right" && Date.now() - last.at >= AGAIN_SECONDS * 1000;
    return last && last.place === place() && !isOver ? last.answer : ask();
  }

  return {
    faults,
    known() {
      if (faults.length > 0) return faults;
      void look();
      const seen = last?.seen ?? last?.before;
      return seen && (seen.kind === "wrong" ? seen.faults : []);
    },
    ask,
    mayWork(work) {
      const written = inTheWay(faults, work);
      if (written.length > 0) return Promise.reject(new NotReady(written));
      if (isSettled()) return undefined;
      return look().then((seen) => {
        const told = seen.kind === "wrong" ? inTheWay(seen.faults, work) : [];
        if (told.length > 0) throw new NotReady(told);
      });
    },
  };
}

function asUnknown(error: unknown): GroundLook {
  return { kind: "unknown", why: error instanceof Error ? error.message : String(error) };
}
