import type { TestHost } from "../../../local/functionsHost/testing/testHost.ts";

/** Asks for a build of an image. @returns its id. */
export async function askForBuild({ send }: Pick<TestHost, "send">, image: string): Promise<string> {
  const answer = await send({
    method: "POST",
    path: `/api/images/${image}/builds`,
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  return (JSON.parse(answer.body.toString()) as { id: string }).id;
}
