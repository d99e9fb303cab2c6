import type { Deployed, Deployment } from "./deployment.ts";

export const ofType = ({ resources }: Deployment, type: string): Deployed[] =>
  resources.filter((one) => one.type === type);

export const propertiesOf = ({ body }: Deployed) => (body.properties ?? {}) as Record<string, unknown>;
