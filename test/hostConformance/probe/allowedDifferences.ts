export interface AllowedDifference {
  /** Only in this one; absent: in every scenario. */
  scenario?: string;
  path: RegExp;
  /** Why it does not matter to an app. */
  why: string;
}

/** Where the local host may differ from the recordings; docs/local-host.md tells it to people. */
export const ALLOWED_DIFFERENCES: AllowedDifference[] = [
  {
    scenario: "admin",
    path: /^(functions\.one[A-Za-z]+|function\.body\.\$json)\.config\.scriptFile$/,
    why: "the probe app was taken over in other files",
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
    path: /^instance\.(status\.body\.\$json\.historyEvents\[[67]\]\.|events\[1[34]\]$)/,
    why: "of two activities that start at once and take no time, either may end first",
  },
];
