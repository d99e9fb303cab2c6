import type { Expression } from "./syntax.ts";

/** Where a file is deployed to, and where it lies. */
export interface Place {
  tenantId: string;
  subscriptionId: string;
  /** Undefined at the scope of a subscription. */
  resourceGroup: string | undefined;
  /** The deployment's. */
  location: string;
  /** What this deployment is called: azd and the Azure CLI call each by another name. */
  deploymentName: string;
  /** Absolute, of the file. */
  folder: string;
  /** Told which way each condition went: of a `? :`, and of an `if`. */
  onChoice?: (expression: Expression, isChosen: boolean) => void;
}
