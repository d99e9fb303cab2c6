/** Where the Durable HTTP API lies under the host's address. */
export const WEBHOOK_PATH = "/runtime/webhooks/durabletask";
/** Where the library talks to the extension, on an address of its own. */
export const RPC_PATH = "/durabletask";

export interface HubAddress {
  taskHub: string;
  /** The system key of the extension. */
  code: string;
}

/** The URLs that manage one instance. `origin` such as `http://127.0.0.1:7071`. */
export function managementUrls(origin: string, { taskHub, code }: HubAddress, instanceId: string) {
  const instance = `${origin}${WEBHOOK_PATH}/instances/${instanceId}`;
  const query = `taskHub=${taskHub}&connection=Storage&code=${code}`;
  return {
    id: instanceId,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  };
}

/** The value of the durable client binding, as JSON text. @param rpcBaseUrl ends with a slash. */
export function clientPayload(origin: string, address: HubAddress, rpcBaseUrl: string): string {
  const start = `${origin}${WEBHOOK_PATH}/orchestrators/{functionName}[/{instanceId}]`;
  const wait = "timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}";
  return JSON.stringify({
    taskHubName: address.taskHub,
    connectionName: null,
    creationUrls: {
      createNewInstancePostUri: `${start}?code=${address.code}`,
      createAndWaitOnNewInstancePostUri: `${start}?${wait}&code=${address.code}`,
    },
    managementUrls: managementUrls(origin, address, "INSTANCEID"),
    baseUrl: `${origin}${WEBHOOK_PATH}`,
    requiredQueryStringParameters: `code=${address.code}`,
    rpcBaseUrl,
    httpBaseUrl: null,
  });
}
