import type { Executions } from "./executions.ts";

/** US dollars: list prices of on-demand instances of Flex Consumption, without the free grants of a month. */
const PRICE = { gigabyteSecond: 0.000026, execution: 0.4 / 1e6 };
/** As infra deploys it. */
const GIGABYTES = 2;

/**
 * US cents of what was executed. Azure bills the time in which an instance executes anything, and a second at least; it does
 * not say whether steps that follow one another within that second share it, so the price is told for both.
 */
export function centsOf({ count, seconds, secondsApart }: Executions): { shared: number; apart: number } {
  const of = (billed: number) => 100 * (count * PRICE.execution + billed * GIGABYTES * PRICE.gigabyteSecond);
  return { shared: of(seconds), apart: of(secondsApart) };
}
