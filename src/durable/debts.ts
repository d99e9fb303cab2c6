import { readFailure } from "./answer.ts";
import type { Steps } from "./call.ts";

/**
 * What an orchestrator owes before it may end. A debt is made before the act that it undoes, so that an act whose
 * answer is lost is undone as well; settling one must not mind that the act never happened.
 */
export interface Debts<Name extends string, Left> {
  /**
   * @param unsettled what is left where settling fails for good, and why.
   * @param of tells debts of one name apart: one that is owed already takes the place of the one before.
   */
  owe(name: Name, settle: () => Steps<Left[]>, unsettled: (why: string) => Left[], of?: string): void;
  /** The debts of that name have been settled, or have become void. */
  strike(name: Name): void;
  /** Settles the debts of one name now, also after one of them could not be; nothing where none is owed. */
  settle(name: Name): Steps<Left[]>;
  /** Settles every debt, also after one could not be; returns what is left. */
  settleAll(): Steps<Left[]>;
}

/** @param order in which debts are settled, whatever the order they were made in. */
export function debts<Name extends string, Left>(order: readonly Name[]): Debts<Name, Left> {
  type Debt = { settle: () => Steps<Left[]>; unsettled: (why: string) => Left[] };
  const owed = new Map<Name, Map<string, Debt>>();

  function* settle(name: Name): Steps<Left[]> {
    const same = owed.get(name) ?? new Map<string, Debt>();
    owed.delete(name);
    const left: Left[] = [];
    for (const debt of same.values()) {
      try {
        left.push(...(yield* debt.settle()));
      } catch (error) {
        left.push(...debt.unsettled(readFailure(error).message));
      }
    }
    return left;
  }

  return {
    owe: (name, settle, unsettled, of = "") =>
      void owed.set(name, new Map(owed.get(name)).set(of, { settle, unsettled })),
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
