import { ReadOnlyError } from "./errors.ts";

/** An object for hooks: `readOnly` can be read and altered inside, but not replaced; `open` can be replaced. */
export function hookContext<Open extends object>(readOnly: Record<string, unknown>, open: Open): Open {
  const context = { ...open };
  for (const [name, value] of Object.entries(readOnly)) {
    Object.defineProperty(context, name, {
      enumerable: true,
      get: () => value,
      set() {
        throw new ReadOnlyError(name);
      },
    });
  }
  return context;
}
