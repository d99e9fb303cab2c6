/** What people do in simulations who decide on builds. */
import type { BuildView } from "../../../src/domain/buildView.ts";
import type { Stage } from "../faults/stage.ts";

type Deciders = Pick<Stage, "host" | "sleep">;

export async function viewOf(stage: Deciders, id: string): Promise<BuildView> {
  const { body } = await stage.host.send({ method: "GET", path: `/api/builds/${id}`, headers: {}, body: "" });
  return JSON.parse(body.toString()) as BuildView;
}

/** Asks for a build, and waits until it waits to be approved. @returns its id, and what is to be approved. */
export async function askedFor(stage: Stage, image: string): Promise<{ id: string; planHash: string }> {
  const id = await stage.ask(image);
  return { id, planHash: await planHashOf(stage, id) };
}

/** Waits until a build waits to be approved. */
export async function planHashOf(stage: Deciders, id: string): Promise<string> {
  for (;;) {
    const view = await viewOf(stage, id);
    if ("approval" in view && view.approval) return view.approval.planHash;
    await stage.sleep(5);
  }
}

/** @returns the answer's status and the kind of its problem. */
export async function decide(
  stage: Deciders,
  id: string,
  verb: "approve" | "reject",
  planHash: string,
  reason = "looked at",
) {
  const { status, body } = await stage.host.send({
    method: "POST",
    path: `/api/builds/${id}/${verb}`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ reason, planHash }),
  });
  const { type = "" } = JSON.parse(body.toString()) as { type?: string };
  return [status, type.replace("urn:goldsmith:problem:", "")];
}
