import { isDeepStrictEqual } from "node:util";
import { type MayWork, NotReady, type SettingFault } from "./domain/notReady.ts";
import { inTheWay } from "./domain/work.ts";

/** What Azure says of the settings that name what is the service's own. */
export type GroundLook =
  | { kind: "right" }
  | { kind: "wrong"; faults: readonly SettingFault[] }
  /**
   * Azure shows the service nothing of what they name: it is another's, or the service's rights are missing or too fresh;
   * or there is no Azure at its address.
   * Nothing is begun; what there is may be ended, since the right to that may still be there.
   */
  | { kind: "hidden"; faults: readonly SettingFault[] }
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
  /** Asks Azure, whatever it has said before; what keeps the service from work is told the log whenever it changes. */
  ask(): Promise<GroundLook>;
  /** @throws NotReady. Azure is asked until it has once said that the settings are right: they stay as long as the process. */
  mayWork: MayWork;
}

/** Seconds for which an answer holds that is not yet the good one. */
const AGAIN_SECONDS = 30;

export interface ReadinessParts {
  faults: readonly SettingFault[];
  lookAtGround: () => Promise<GroundLook>;
  /** Told of what Azure shows to be wrong, whenever that is something else than the time before. */
  onFaults?: (faults: readonly SettingFault[]) => void;
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

/** What keeps from beginning anything. */
export function faultsIn(seen: GroundLook): readonly SettingFault[] {
  return seen.kind === "wrong" || seen.kind === "hidden" ? seen.faults : [];
}

/** One look at a time, however many want to work. */
export function readiness({
  faults,
  lookAtGround,
  onFaults = () => {},
  place = () => undefined,
}: ReadinessParts): Readiness {
  let last: Look | undefined;
  let told: readonly SettingFault[] = [];

  function tell(seen: GroundLook): void {
    if (seen.kind === "unknown") return;
    const now = faultsIn(seen);
    if (!isDeepStrictEqual(now, told) && now.length > 0) onFaults(now);
    told = now;
  }

  const isSettled = () => last !== undefined && last.place === place() && last.seen?.kind === "right";

  function ask(): Promise<GroundLook> {
    const answer = lookAtGround().catch(asUnknown);
    const before = last?.place === place() ? (last?.seen ?? last?.before) : undefined;
    const look: Look = { place: place(), at: Date.now(), answer, before };
    // What was right stays so for whoever works, whatever is seen later.
    if (!isSettled()) last = look;
    void answer.then((seen) => {
      Object.assign(look, { seen, at: Date.now() });
      tell(seen);
    });
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
      return seen && faultsIn(seen);
    },
    ask,
    mayWork(work) {
      const written = inTheWay(faults, work);
      if (written.length > 0) return Promise.reject(new NotReady(written));
      if (isSettled()) return undefined;
      return look().then((seen) => {
        const found = seen.kind === "hidden" && work !== "begins" ? [] : inTheWay(faultsIn(seen), work);
        if (found.length > 0) throw new NotReady(found);
      });
    },
  };
}

function asUnknown(error: unknown): GroundLook {
  return { kind: "unknown", why: error instanceof Error ? error.message : String(error) };
}
