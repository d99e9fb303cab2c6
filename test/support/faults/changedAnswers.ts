import type { HttpAnswer } from "../../../local/azure/server/http.ts";
import type { World } from "../simulation/world.ts";

type Change = (path: string, answered: HttpAnswer) => HttpAnswer;

/** A world whose cloud's answers to reads are changed on their way to the service. */
export function changedAnswers(world: World, change: Change): World {
  const answer: World["cloud"]["answer"] = async (call) => {
    const answered = await world.cloud.answer(call);
    return answered && call.method === "GET" ? change(call.url.pathname, answered) : answered;
  };
  return { ...world, cloud: { ...world.cloud, answer } };
}

/** A run that succeeded has done so in part only, and its end is in the year 1. */
export const partially: Change = (path, answered) => {
  const text = String(answered.body);
  if (!/\/imageTemplates\/[^/]+$/.test(path) || !text.includes('"runState":"Succeeded"')) return answered;
  const body = text
    .replace('"runState":"Succeeded"', '"runState":"PartiallySucceeded"')
    .replace(/"endTime":"[^"]*"/, '"endTime":"0001-01-01T00:00:00Z"');
  return { ...answered, body };
};

/** Of a log comes only the first half, though the head of the answer tells of all of it. */
export const truncated: Change = (path, answered) => {
  if (!path.includes("packerlogs/") || !answered.body) return answered;
  const body = Buffer.from(answered.body);
  return { ...answered, body: body.subarray(0, body.length / 2) };
};

/** Of no image template it is told who made it. */
export const withoutCreator: Change = (path, answered) => {
  if (!path.includes("/imageTemplates") || answered.status !== 200) return answered;
  return { ...answered, body: String(answered.body).replaceAll(/"createdBy":"[^"]*"/g, '"createdByType":"User"') };
};

/** Beside the log of the customizers one of validations is listed, which cannot be read. */
export const withUnreadableLog: Change = (path, answered) => {
  const text = String(answered.body);
  if (!path.endsWith("/packerlogs") || !text.includes("customization.log")) return answered;
  const [entry = ""] = /<Blob>.*?customization\.log.*?<\/Blob>/s.exec(text) ?? [];
  const other = entry.replaceAll("customization.log", "validation.log");
  return { ...answered, body: text.replace(entry, entry + other) };
};
