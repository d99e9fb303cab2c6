import { AzureError } from "../arm/errors.ts";
import { armHeaders } from "../arm/headers.ts";
import { type Azure, newGuid } from "../azure.ts";
import { identityProblem } from "../entra/identityEndpoint.ts";
import { type HttpAnswer, type HttpRequest, json } from "../server/http.ts";
import { refuseBlob } from "../storage/blobEndpoint.ts";
import type { RequestFault } from "./requestFault.ts";
import type { LoggedRequest } from "./requestLog.ts";

/** The answer that a fault asks for, in the shape in which the service behind that door says no. */
export function faultAnswer(
  azure: Azure,
  door: LoggedRequest["kind"],
  request: HttpRequest,
  fault: RequestFault,
): HttpAnswer {
  const { status, headers, ...answer } = shaped(azure, door, request, fault);
  const own = Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const html = fault.html === undefined ? {} : { "content-type": "text/html" };
  return {
    ...answer,
    status,
    headers: { ...headers, ...html, ...Object.fromEntries(own) },
    ...(fault.html === undefined ? {} : { body: fault.html }),
  };
}

function shaped(azure: Azure, door: LoggedRequest["kind"], request: HttpRequest, fault: RequestFault): HttpAnswer {
  const { status = 500, code = "InternalServerError", message = "This answer was asked for.", details } = fault;
  if (door === "blob") return refuseBlob(azure, request, new AzureError(status, code, message));
  if (door === "identity") return identityProblem(status, message);
  const ids = { requestId: newGuid(azure, "request"), correlationId: newGuid(azure, "correlation") };
  return json(status, { error: { code, message, ...(details ? { details } : {}) } }, armHeaders(azure, request, ids));
}
