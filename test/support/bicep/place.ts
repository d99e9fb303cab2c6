/** Where a file is deployed to, and where it lies. */
export interface Place {
  tenantId: string;
  subscriptionId: string;
  /** Undefined at the scope of a subscription. */
  resourceGroup: string | undefined;
  /** The deployment's. */
  location: string;
  /** Absolute, of the file. */
  folder: string;
}
