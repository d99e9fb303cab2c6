/** The core module's class of the same name. */
export class Disposable {
  #dispose: (() => unknown) | undefined;

  static from(...disposables: { dispose?: () => unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose?.();
    });
  }

  constructor(dispose: () => unknown) {
    this.#dispose = dispose;
  }

  dispose(): void {
    this.#dispose?.();
    this.#dispose = undefined;
  }
}
