import { describe, expect, it } from "vitest";
import { entraTokens } from "../../../src/auth/entraTokens.ts";
import { signingKeys } from "../../../src/auth/signingKeys.ts";
import {
  AUDIENCE,
  AUTHORITY,
  jwksOf,
  keyPair,
  type KeyPair,
  signed,
  TENANT,
  userClaims,
} from "../../support/entraTokens.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const one = keyPair("one");
const two = keyPair("two");
const claims = userClaims(Math.floor(Date.now() / 1000));

/** An authority with keys that can change, and a clock that is put on by hand. */
function authority(...pairs: KeyPair[]) {
  const it = { pairs, reachable: true, reads: 0, now: 0 };
  const keysFor = signingKeys(
    async () => {
      it.reads += 1;
      if (!it.reachable) throw new Error("unreachable");
      return jwksOf(...it.pairs);
    },
    () => it.now,
  );
  const read = entraTokens({ tenantId: TENANT, audiences: [AUDIENCE], authority: AUTHORITY }, keysFor);
  return Object.assign(it, { kindOf: async (pair: KeyPair) => (await read(await signed(claims, pair))).kind });
}

describe("the authority's keys", () => {
  it("are read once for many tokens, also for those that come at once", async () => {
    const entra = authority(one);
    expect(await Promise.all([1, 2, 3].map(() => entra.kindOf(one)))).toEqual(["caller", "caller", "caller"]);
    entra.now += 59 * MINUTE;
    expect(await entra.kindOf(one)).toBe("caller");
    expect(entra.reads).toBe(1);
  });

  it("are read again for a key that is new", async () => {
    const entra = authority(one);
    await entra.kindOf(one);
    entra.pairs = [two];
    entra.now += MINUTE;
    expect(await entra.kindOf(two)).toBe("caller");
    expect(await entra.kindOf(one)).toBe("refused");
  });

  it("are not asked for more than once a minute by tokens that name one that there is not", async () => {
    const entra = authority(one);
    await entra.kindOf(one);
    for (let at = 0; at < 3 * MINUTE; at += SECOND) {
      entra.now += SECOND;
      expect(await entra.kindOf(two)).toBe("refused");
    }
    expect(entra.reads).toBeLessThanOrEqual(1 + 3);
  });

  it("no longer count once they are withdrawn, at the latest an hour after", async () => {
    const entra = authority(one);
    expect(await entra.kindOf(one)).toBe("caller");
    entra.pairs = [two];
    entra.now += HOUR + SECOND;
    expect(await entra.kindOf(one)).toBe("refused");
  });

  it("go on counting while the authority is out of reach", async () => {
    const entra = authority(one);
    await entra.kindOf(one);
    entra.reachable = false;
    entra.now += 5 * HOUR;
    expect(await entra.kindOf(one)).toBe("caller");
    expect(await entra.kindOf(two)).toBe("refused");
  });

  it("leave open whether a token is good where they could never be read, and are soon asked for again", async () => {
    const entra = authority(one);
    entra.reachable = false;
    expect(await entra.kindOf(one)).toBe("unreachable");
    expect(await entra.kindOf(one)).toBe("unreachable");
    expect(entra.reads).toBe(1);
    entra.reachable = true;
    entra.now += 5 * SECOND;
    expect(await entra.kindOf(one)).toBe("caller");
  });
});
