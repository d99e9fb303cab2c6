import type { Clock } from "../clock/clock.ts";
import { answerArm } from "./arm/front.ts";
import type { Throttling } from "./arm/throttling.ts";
import type { Azure } from "./azure.ts";
import { answerControl, CONTROL_PREFIX, type Controls } from "./control/controlEndpoint.ts";
import { faultAnswer } from "./control/faultAnswer.ts";
import { letsExecute, type RequestFault } from "./control/requestFault.ts";
import { log, type LoggedRequest, pathToLog, type RequestLog } from "./control/requestLog.ts";
import { wakeForEvents } from "./events/wake.ts";
import { answerEntra, isForEntra } from "./entra/tenantEndpoint.ts";
import { answerIdentity } from "./entra/identityEndpoint.ts";
import type { SigningKey } from "./entra/signingKey.ts";
import type { Principal } from "./entra/token.ts";
import { CUT, HANG, type HttpAnswer, type HttpRequest, type Outcome } from "./server/http.ts";
import type { Answerer } from "./server/listen.ts";
import { answerBlob } from "./storage/blobEndpoint.ts";
import { findAccount } from "./storage/storageAccounts.ts";
import type { StateFile } from "./store/stateFile.ts";

interface Parts {
  azure: Azure;
  clock: Clock;
  key: SigningKey;
  identityHeader: string;
  throttling: Throttling;
  requestLog: RequestLog;
  controls: Controls;
  /** Lets happen all that is due by now. */
  catchUp: () => void;
  file: StateFile | undefined;
}

type Answered = HttpAnswer & { principal?: Principal; clientId?: string };

const ACCOUNT_PATH = /^\/([a-z0-9]{3,24})(\/|$)/;
/** Paths of ARM's that could be those of an account. */
const ARM_PATH = /^\/(subscriptions|providers|tenants|metadata)(\/|$)/;

/**
 * Whether a request is one to an account's own host, whose name stands in the path here: there is such an account, or
 * the client speaks storage's language to one that is no more.
 */
function isForBlobs(azure: Azure, { path, headers }: HttpRequest): boolean {
  const [, account] = ACCOUNT_PATH.exec(path) ?? [];
  if (account === undefined || ARM_PATH.test(path)) return false;
  return headers["x-ms-version"] !== undefined || findAccount(azure, account) !== undefined;
}

/** What happens to each request around its being served: time goes on, faults strike, it is logged, the state is kept. */
export function createDoors(parts: Parts): { https: Answerer; identity: Answerer } {
  const { azure, clock, key, identityHeader, throttling, controls } = parts;

  async function serve(
    kind: LoggedRequest["kind"],
    request: HttpRequest,
    answer: () => Promise<Answered>,
  ): Promise<Outcome> {
    const { method, path, query } = request;
    const time = new Date(clock.now()).toISOString();
    const fault = azure.faults.strike(method, path);
    if (fault?.delaySeconds) await clock.sleep(fault.delaySeconds * 1000);
    parts.catchUp();
    const served = await struck(azure, kind, request, fault, answer);
    wakeForEvents(azure, clock, parts.catchUp);
    const lost = fault?.kind === "reset" || fault?.kind === "loseReply" || fault?.kind === "hang";
    const who = served?.principal?.objectId ?? served?.clientId;
    const entry = {
      kind,
      method,
      path: pathToLog(path, query),
      status: lost ? 0 : (served?.status ?? 0),
      ...(who ? { principal: who } : {}),
      time,
      ...(fault && { fault: fault.kind }),
      ...(fault && !letsExecute(fault) && { notExecuted: true as const }),
    };
    log(parts.requestLog, entry, azure.settings.requestLogLength);
    parts.file?.save(azure.state);
    if (fault?.kind === "hang") return HANG;
    return lost || !served ? CUT : served;
  }

  return {
    https(request) {
      if (request.path.startsWith(CONTROL_PREFIX)) return answerControl(controls, request);
      if (isForEntra(request)) return serve("identity", request, () => answerEntra(azure, key, request));
      if (isForBlobs(azure, request)) return serve("blob", request, () => answerBlob(azure, key, request));
      return serve("arm", request, () => answerArm(azure, key, throttling, request));
    },
    identity: (request) => serve("identity", request, () => answerIdentity(azure, key, identityHeader, request)),
  };
}

/** @returns nothing where the request is not even read. */
async function struck(
  azure: Azure,
  kind: LoggedRequest["kind"],
  request: HttpRequest,
  fault: RequestFault | undefined,
  answer: () => Promise<Answered>,
): Promise<Answered | undefined> {
  const answered = !fault || letsExecute(fault) ? await answer() : undefined;
  return fault?.kind === "respond" ? faultAnswer(azure, kind, request, fault) : answered;
}
