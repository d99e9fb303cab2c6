import { promisify } from "node:util";
import type { Clock } from "./clock.ts";

/**
 * Gives this process's globals (Date, setTimeout, setInterval) the clock's time, for the app under test. Call it before
 * the app is loaded. Sockets, TLS and HTTP keep real time: Node's own modules hold the originals.
 *
 * @returns puts the originals back.
 */
export function installClock(clock: Clock): () => void {
  const originals = {
    Date: globalThis.Date,
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
  };
  const timer =
    (repeat: boolean) =>
    (run: (...args: unknown[]) => void, delay?: number, ...args: unknown[]) =>
      new Timer(clock, () => run(...args), Number(delay) || 0, repeat);
  const setTimeout = Object.assign(timer(false), {
    [promisify.custom]: (delay: number, value: unknown) => clock.sleep(delay).then(() => value),
  });
  const clear = (handle: unknown) => {
    if (handle instanceof Timer) handle.close();
    else originals.clearTimeout(handle as NodeJS.Timeout);
  };
  Object.assign(globalThis, {
    Date: dateOf(clock, originals.Date),
    setTimeout,
    clearTimeout: clear,
    setInterval: timer(true),
    clearInterval: clear,
  });
  return () => void Object.assign(globalThis, originals);
}

/**
 * The real Date, but for what it says is now. It shares the real one's prototype, so that dates made by either are
 * `instanceof` both. No proxy: libraries make dates by the thousand.
 */
function dateOf(clock: Clock, RealDate: DateConstructor): DateConstructor {
  function LocalDate(...args: ConstructorParameters<DateConstructor> | []): Date | string {
    if (!new.target) return new RealDate(clock.now()).toString();
    if (new.target !== LocalDate) return Reflect.construct(RealDate, args.length ? args : [clock.now()], new.target);
    return args.length ? new RealDate(...args) : new RealDate(clock.now());
  }
  return Object.defineProperties(LocalDate, {
    ...Object.getOwnPropertyDescriptors(RealDate),
    now: { value: () => clock.now(), writable: true, configurable: true },
  }) as unknown as DateConstructor;
}

/** What `setTimeout` returns in Node, as far as libraries use it. */
class Timer {
  readonly #start: () => void;
  #cancel: () => void = () => {};

  constructor(clock: Clock, run: () => void, delay: number, repeat: boolean) {
    this.#start = () => {
      const timeout = clock.setTimeout(() => {
        if (repeat) this.#start();
        run();
      }, delay);
      this.#cancel = () => timeout.cancel();
    };
    this.#start();
  }

  refresh(): this {
    this.#cancel();
    this.#start();
    return this;
  }

  close(): this {
    this.#cancel();
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
