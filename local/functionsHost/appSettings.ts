/** Puts settings from the environment in for `%NAME%`. Throws when there is no such setting. */
export function resolveSettings(text: string, env: NodeJS.ProcessEnv): string {
  return text.replace(/%([^%\s]+)%/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new Error(`'%${name}%' does not resolve to a value.`);
    return value;
  });
}
