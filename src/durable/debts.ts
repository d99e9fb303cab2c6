import { readFailure } from "./answer.ts";
import type { Steps } from "./call.ts";

/**
 * What an orchestrator owes before it may end. A debt is made before the act that it undoes, so that an act whose
 * answer is lost is undone as well; settling one must not mind that the act never happened.
 */
export interface Debts<Name extends string, Left> {
  /** @param unsettled what is left where settling fails for good, and why. */
  owe(name: Name, settle: () => Steps<Left[]>, unsettled: (why: string) => Left[]): void;
  /** The debt has been settled, or has become void. */
  strike(name: Name): void;
  /** Settles one debt now; nothing where it is not owed. */
  settle(name: Name): Steps<Left[]>;
  /** Settles every debt, also after one could not be; returns what is left. */
  settleAll(): Steps<Left[]>;
}

/** @param order in which debts are settled, whatever the order they were made in. */
export function debts<Name extends string, Left>(order: readonly Name[]): Debts<Name, Left> {
  const owed = new Map<Name, { settle: () => Steps<Left[]>; unsettled: (why: string) => Left[] }>();

  function* settle(name: Name): Steps<Left[]> {
    const debt = owed.get(name);
    if (!debt) return [];
    owed.delete(name);
    try {
      return yield* debt.settle();
    } catch (error) {
      return debt.unsettled(readFailure(error).message);
    }
  }

  return {
    owe: (name, settle, unsettled) => void owed.set(name, { settle, unsettled }),
    strike: (name) => void owed.delete(name),
    settle,
    *settleAll() {
      const left: Left[] = [];
      for (const name of order) {
        left.push(...(yield* settle(name)));
      }
      return left;
    },
  };
}
