/**
 * The certificate library finds its parts by decorator metadata, an extension of Reflect that it expects its user to
 * bring. It needs only to keep values by key and object.
 */
type Metadata = Map<unknown, unknown>;

const store = new WeakMap<object, Metadata>();

const extension = {
  defineMetadata(key: unknown, value: unknown, target: object): void {
    const metadata = store.get(target) ?? new Map<unknown, unknown>();
    store.set(target, metadata.set(key, value));
  },
  getOwnMetadata: (key: unknown, target: object): unknown => store.get(target)?.get(key),
  getMetadata: (key: unknown, target: object): unknown => store.get(target)?.get(key),
  hasOwnMetadata: (key: unknown, target: object): boolean => store.get(target)?.has(key) ?? false,
};

if (!("getMetadata" in Reflect)) Object.assign(Reflect, extension);
