import type { Executions } from "./executions.ts";

/** US dollars: list prices of on-demand instances of Flex Consumption, without the free grants of a month. */
const PRICE = { gigabyteSecond: 0.000026, execution: 0.4 / 1e6 };
/** As infra deploys it. */
const GIGABYTES = 2;

/**
 * US cents of what was executed. Azure bills the seconds in which an instance executes anything, one at least each time, so
 * that the price lies between what it is where steps that follow one another share their seconds, and where none does.
 */
export function centsOf({ count, seconds }: Executions): { least: number; most: number } {
  const of = (active: number) => 100 * (count * PRICE.execution + active * GIGABYTES * PRICE.gigabyteSecond);
  return { least: of(seconds), most: of(count) };
}
