import type { RpcHttpCookie } from "../worker/rpc.ts";

/** A `Set-Cookie` header as the host writes it: attributes in lower case, and a path always. */
export function setCookieOf(cookie: RpcHttpCookie): string {
  const parts = [`${encodeURIComponent(cookie.name ?? "")}=${encodeURIComponent(cookie.value ?? "")}`];
  const expires = cookie.expires?.value?.seconds;
  if (expires) parts.push(`expires=${new Date(expires * 1000).toUTCString()}`);
  if (typeof cookie.maxAge?.value === "number") parts.push(`max-age=${Math.floor(cookie.maxAge.value)}`);
  if (cookie.domain?.value) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? "/"}`);
  if (cookie.secure?.value) parts.push("secure");
  if (cookie.sameSite === "lax" || cookie.sameSite === "strict") parts.push(`samesite=${cookie.sameSite}`);
  if (cookie.sameSite === "explicitNone") parts.push("samesite=none");
  if (cookie.httpOnly?.value) parts.push("httponly");
  return parts.join("; ");
}
