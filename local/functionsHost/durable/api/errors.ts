import { type HttpAnswer, jsonAnswer } from "../../http/call.ts";
import { HOST_STACK } from "../failure.ts";
import { HubClientError } from "../hubClient.ts";

/** The extension's error body. */
export function errorAnswer(
  status: number,
  message: string,
  exceptionMessage: string,
  exceptionType: string,
): HttpAnswer {
  return jsonAnswer(status, {
    Message: message,
    ExceptionMessage: exceptionMessage,
    ExceptionType: exceptionType,
    StackTrace: HOST_STACK,
  });
}

/** The answer to whatever an operation threw. */
export function answerOfThrown(error: unknown): HttpAnswer {
  const { message } = error as Error;
  if (error instanceof InvalidJsonError) {
    return errorAnswer(400, "Invalid JSON content", message, "Newtonsoft.Json.JsonReaderException");
  }
  const type = error instanceof HubClientError ? error.exceptionType : "System.ArgumentException";
  return type === "System.ArgumentException"
    ? errorAnswer(400, "One or more of the arguments submitted is incorrect", message, type)
    : errorAnswer(500, "Something went wrong while processing your request", message, type);
}

/** A body that is no JSON; the message imitates Newtonsoft's for the commonest cases. */
export class InvalidJsonError extends Error {}

/** Minified JSON text of a body. */
export function parseJsonBody(body: Buffer): unknown {
  const text = body.toString("utf8").replace(/^\ufeff/, "");
  if (text.trim() === "") {
    throw new InvalidJsonError("Error reading JToken from JsonReader. Path '', line 0, position 0.");
  }
  try {
    return JSON.parse(text);
  } catch {
    const first = text.trim().charAt(0);
    if (first === "{") {
      throw new InvalidJsonError(
        `Unexpected end while parsing unquoted property name. Path '', line 1, position ${text.length}.`,
      );
    }
    throw new InvalidJsonError(
      `Unexpected character encountered while parsing value: ${first}. Path '', line 0, position 0.`,
    );
  }
}
