export interface AllowedDifference {
  /** Only in this one; absent: in every scenario. */
  scenario?: string;
  path: RegExp;
  /** Why it does not matter to an app. */
  why: string;
}

/** Where the local host may differ from the recordings; docs/local-host.md tells it to people. */
export const ALLOWED_DIFFERENCES: AllowedDifference[] = [
  { path: /(^|\.)headers\.(transfer-encoding|content-length)$/, why: "how a body is framed" },
  { path: /\.episodes\[\d+\]\.history$/, why: "how many completions come in one replay depends on timing" },
  { path: /\.(StackTrace|stack)$/, why: "stacks name the host's own files" },
  { path: /\.ExceptionType$/, why: "names of .NET types" },
  { path: /\.failureDetails\[\d+\]\.details(\.|$)/, why: "the serialised .NET exception" },
  { path: /\.triggerMetadata\.[A-Za-z]+Trigger<binding>$/, why: "the binding's generated name" },
  {
    path: /\.(Correlation|ParentTraceContext|Tags|Generation|ScheduledStartTime)$/,
    why: "bookkeeping of the extension that the library does not read",
  },
  {
    scenario: "admin",
    path: /^(root|functions\.one|function\.|functionStatus|hostStatus\.keys)/,
    why: "descriptions for people who administrate",
  },
  {
    scenario: "http-bodies",
    path: /^badJson\.body\.\$json\.message$/,
    why: "the text is Node's own; the recording's Node was version 20",
  },
  {
    scenario: "determinism",
    path: /\.timeMoved$/,
    why: "here time stands still while anything is being worked on",
  },
  {
    scenario: "wrapper",
    path: /^instance\.(status\.body\.\$json\.historyEvents|events|episodes|failureDetails|lastPayload|activities)/,
    why: "of two activities that start at once and take no time, either may end first",
  },
];
