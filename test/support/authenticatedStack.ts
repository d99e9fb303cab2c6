import { localCredentials } from "../../local/stack/credentials.ts";
import { entraToken, passwordForm, secretForm } from "./localTokens.ts";
import { TestStack } from "./stack.ts";

/** The whole thing as `npm start -- --auth` starts it, and ways to come in. */
export interface AuthenticatedStack {
  stack: TestStack;
  /** By role. */
  keys: Record<string, string>;
  /** Headers of a person: `builder`, `nobody`. */
  person(name: string): Promise<Record<string, string>>;
  /** Headers of an application: `reader-application`. */
  application(name: string): Promise<Record<string, string>>;
}

export async function startAuthenticated(
  env: Record<string, string> = {},
  options: { speed?: number } = {},
): Promise<AuthenticatedStack> {
  const credentials = localCredentials();
  const stack = await TestStack.start({ ...options, env: { ...credentials.env, ...env } });
  const known = new Map<string, Promise<string>>();
  const tokenOf = async (name: string, form: Record<string, string>) => {
    const token = known.get(name) ?? entraToken(stack.azure, form);
    known.set(name, token);
    return { Authorization: `Bearer ${await token}` };
  };
  return {
    stack,
    keys: credentials.keys,
    person: (name) => tokenOf(name, passwordForm(name)),
    application: (name) => tokenOf(name, secretForm(name)),
  };
}
