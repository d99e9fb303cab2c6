import type { RpcException } from "../worker/errors.ts";

/** The text of the exception that the host makes of an app's error. */
const rpcMessage = ({ message, stack }: RpcException) => `Result: Failure\nException: ${message}\nStack: ${stack}`;

/** What a stack is in an answer: the frames are the host's own, in a real one too, and tell an app nothing. */
export const HOST_STACK = "   at Microsoft.Azure.WebJobs.Host.Executors.FunctionExecutor.ExecuteAsync()";

/** How a failed activity stands in the history: of the app's error only the message is left, inside a lot of .NET. */
export function activityFailure(name: string, error: RpcException): { Reason: string; Details: string } {
  const whole = rpcMessage(error);
  const from = whole.indexOf("\nException:") + "\nException:".length;
  // With its leading blank, as the extension cuts it.
  const message = whole.slice(from, whole.indexOf("\nStack:"));
  return {
    Reason: `Activity function '${name}' failed: ${message}`,
    Details: JSON.stringify({
      $type: "System.Exception, System.Private.CoreLib",
      ClassName: "System.Exception",
      Message: message,
      Data: null,
      InnerException: {
        $type: "Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException, Microsoft.Azure.WebJobs.Script",
        IsUserException: false,
        RemoteStackTrace: error.stack,
        RemoteMessage: error.message,
        RemoteTypeName: null,
        Message: whole,
        Data: { $type: "System.Collections.ListDictionaryInternal, System.Private.CoreLib" },
        InnerException: null,
        HelpLink: null,
        Source: "System.Private.CoreLib",
        HResult: -2146233088,
        StackTrace: HOST_STACK,
      },
      HelpURL: null,
      StackTraceString: null,
      RemoteStackTraceString: null,
      RemoteStackIndex: 0,
      ExceptionMethod: null,
      HResult: -2146233088,
      Source: null,
      WatsonBuckets: null,
    }),
  };
}
