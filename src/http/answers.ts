import type { HttpResponseInit } from "@azure/functions";
import type { Problem } from "../domain/problem.ts";

export function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponseInit {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}

export function refuse(refused: Problem, headers: Record<string, string> = {}): HttpResponseInit {
  return answer(refused.status, refused, { "Content-Type": "application/problem+json; charset=utf-8", ...headers });
}
