/** A shape of text round a secret, and what stays of it. */
export type SecretShape = readonly [RegExp, string];

/** Packages that are called like a secret stand in apt's lines with their architecture: `gir1.2-secret-1:amd64`. */
const ARCHITECTURE = String.raw`(?:all|amd64|arm64|armhf|i386|ppc64el|riscv64|s390x)(?=[.,;)]?(?:\s|$))`;

const PARAMETER = String.raw`\{[ \t]{0,8}\\?["']value\\?["']`;

/** Between a name and its value, which may be a parameter's: of shells, YAML, JSON, Ruby, Go. A comparison is none. */
export const IS = String.raw`(?:\\?["'])?\]?[ \t]{0,8}(?::=|:(?!=|${ARCHITECTURE}|\/\/)|=>?(?![=~>]))[ \t]{0,64}(?:${PARAMETER}[ \t]{0,8}:[ \t]{0,8}|(?!${PARAMETER}))`;

/** What a secret is called. A library of that name is none: apt speaks of `libsecret-1-0`. */
const WORD = String.raw`(?:password|passwd|passphrase|secret(?<!\blibsecret)|api[_-]?key|access[_-]?token)`;

/** Keys that give access; that of a tag or of a table has another name, or none. */
const KEY = String.raw`(?:(?:access|account|auth|connection|encryption|functions?|host|master|primary|private|sas|secondary|shared|signing|storage|subscription)[_-]?key|client-key-data)`;

/** A name that goes on so tells something of a secret, or where it lies. */
const NO_DETAIL = String.raw`(?<!s|name|ur[il]|file|path|dir|policy|length|type|version|count|expiry|store|provider|class)`;

/** Of a secret; but for those of the environment. */
export const NAME = String.raw`(?:(?:${WORD}[\w-]{0,64}|${KEY})${NO_DETAIL}|token|(?:pwd|pass)(?<=[_-](?:pwd|pass)))`;

/**
 * What is taken out already is not taken again. Of a command that makes a secret its argument is, and what has names of
 * its own is known by these.
 */
const FRESH = String.raw`(?!\\?["']?\[redacted\]|ConvertTo-SecureString\b|@?\{[ \t]{0,8}\\?["']?[\w-]{1,64}\\?["']?[ \t]{0,8}[:=]|[$\w:.-]{0,64}${NAME}${IS}(?=\S))`;

/** A command, or a call's arguments, whose output is a value. */
const PARENTHESES = String.raw`\((?:[^()\n]|\([^()\n]{0,256}\)){0,512}\)`;

/** One that goes on in the next line. */
const OPEN_PARENTHESIS = String.raw`\$?\((?![^\n]{0,1024}\))[^\n]*`;

/**
 * A value as shells, YAML and JSON write it: in quotes, in quotes inside quotes, in parentheses, or up to the next blank.
 * A quote is a part of it where more follows than what ends a value.
 */
export const VALUE = String.raw`${FRESH}(?:\\"[^"\n]*"?|"(?:\$${PARENTHESES}|[^"\\\n]|\\.)*"?|'[^'\n]*'?|\x60[^\x60\n]*\x60?|${OPEN_PARENTHESIS}|(?:\\.|${PARENTHESES}|\x60[^\x60\n]{0,512}\x60|[^\s"'\\]|(?<!["'\s:=])["'](?=[^\s"',;:)}\]\\]))+)`;

/** Names of the environment, where each key counts that is not a public one. */
export const ENVIRONMENT_KEY = String.raw`KEY(?<=[A-Z0-9_]KEY)(?<!PUB_?KEY|PUBLIC_?KEY)`;

/** Before its value, and the blanks between. */
export const OPTION = String.raw`(?<![\w-])--?[\w-]{0,64}?(?:${WORD}|${KEY}|(?<!by)pass|pwd|token)[ \t]{1,64}`;

/** A key that is told of by its place, or a working directory: a path has neither `+` nor `=`. */
const NO_PATH = String.raw`(?!\\?["']?(?:~|\.{1,2}|\$\w{1,64}|[A-Za-z]:)?[\\/][^\s+=]{0,512}(?:\s|$))`;

/** Arguments of one command, before the one that counts. */
const ARGUMENTS = String.raw`\b[^\n;|&]{0,400}?[ \t]`;

/**
 * What looks like a secret in a build log. Best effort: a script can print anything. What a name or an option stands
 * before comes last: a command may stand there, whose own secret is told by the command.
 *
 * No repetition without a bound may begin at many places of a line: a line of one long word would take hours.
 */
export const SECRET_SHAPES: readonly SecretShape[] = [
  // By itself: tokens of some services, keys of storage accounts and functions. A hash of such a length is none.
  ...shapes("g", [
    String.raw`(?<![\w-])>>eyJ[A-Za-z0-9_-]{8,1024}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`,
    String.raw`>>\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w-]{20,}|npm_[A-Za-z0-9]{36}|gsk_[A-Za-z0-9_-]{43}|xox[a-z]-[A-Za-z0-9-]{10,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|hv[bsr]\.[\w-]{24,}|AIza[\w-]{35}|(?:AKIA|ASIA)[A-Z0-9]{16})(?![\w-])`,
    String.raw`(?<![\w-])>>sk-(?=[\w-]{0,200}\d)(?=[\w-]{0,200}[A-Z])[\w-]{20,}`,
    String.raw`(?<![\w.~-])>>[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])`,
    String.raw`(?<![\w+/-])(?<!sha512[-:= ]{1,3})>>(?:[A-Za-z0-9+/]{86}|[\w-]{44}AzFu[\w-]{4,8})==`,
    // A password as Unix keeps it, which can be guessed at.
    String.raw`(?<![\w$])>>\$(?:2[abxy]|[156y]|argon2id?)\$[\w./$=,+-]{16,512}`,
    String.raw`https:\/\/(?:hooks\.slack\.com\/services|(?:canary\.)?discord(?:app)?\.com\/api\/webhooks)\/>>[\w/-]{16,256}`,
    // `-----BEGIN `, in base 64; after it neither CERT nor PUBL.
    String.raw`(?<![A-Za-z0-9+/])>>LS0tLS1CRUdJTi(?!BDRVJU|BQVUJM)[A-Za-z0-9+/]{8,}={0,2}`,
  ]),

  ...shapes("gi", [
    // In a URL or a connection string, which goes on after it.
    String.raw`(?:[?&]|\\u0026)(?:amp;)?(?:sig=|(?:code|key|token|subscription-key)=(?=[^&\s"'#\\]{8}))(?!\[redacted\])>>[^&\s"'#\\]+`,
    String.raw`(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?!\[redacted\])>>[^;\s"']+`,
    String.raw`(?<![^;"'\s])(?:password|pwd)[ \t]?=[ \t]?(?!\[redacted\])>>[^;"'\n]{1,256}(?=;[ \t]?[a-z][\w \t]{0,40}=)`,
    String.raw`(?<![^;"'\s])(?:password|pwd)[ \t]?=[ \t]?(?!\[redacted\])${NO_PATH}>>[^;"'\s]{1,256}(?=;["']?(?:\s|$))`,
    String.raw`:\/\/[^\s/:@"']{0,256}:(?!\[redacted\])>>[^\s/"']{1,1024}(?=@(?!sha256:))`,
    String.raw`:\/\/>>[\w.-]{32,512}(?=@)`,

    // In a header.
    String.raw`\bBearer[ \t]{1,64}(?=[a-z._~+/-]{0,512}\d)>>[\w.~+/=-]{8,}`,
    String.raw`\bBasic[ \t]{1,64}(?=[a-z+/]{0,512}\d)>>[a-z0-9+/]{8,}={0,2}(?![\w.-])`,
    String.raw`\bauthorization(?:\\?["'])?[ \t]{0,8}[:=][ \t]{0,64}\\?["']?(?:(?:Basic|Bearer|Digest|Negotiate|NTLM|Token|ApiKey|SharedKey(?:Lite)?|SharedAccessSignature)[ \t]{1,64}|(?!Shared)(?=[\w.~+/=-]{16}))${FRESH}>>[^\s"'\\]+`,

    // As a command's argument.
    String.raw`\bConvertTo-SecureString(?:[ \t]{1,8}-(?:AsPlainText|Force)\b){0,2}[ \t]{1,8}(?:-String[ \t]{1,8})?(?![-$(])>>${VALUE}`,
    String.raw`>>(?:"[^"\n]{1,256}"|'[^'\n]{1,256}')(?=[ \t]{0,8}\|[ \t]{0,8}ConvertTo-SecureString\b)`,
    String.raw`\bnet(?:\.exe)?[ \t]{1,8}user[ \t]{1,8}[^\s/]{1,64}[ \t]{1,8}(?![/*])>>${VALUE}`,
    String.raw`\b(?:echo|printf)[ \t]{1,8}(?:-\w{1,4}[ \t]{1,8})?["']?[\w.-]{1,64}:(?!\[redacted\])>>[^\n|"']{1,256}(?=["']?[ \t]{0,8}\|[ \t]{0,8}(?:sudo[ \t]{1,8})?chpasswd\b)`,
    String.raw`\bchpasswd\b[^\n<]{0,64}<<<[ \t]{0,8}["']?[\w.-]{1,64}:(?!\[redacted\])>>[^\n"']{1,256}`,
    String.raw`\b(?:echo|printf)[ \t]{1,8}>>${VALUE}(?=[ \t]{0,8}\|[ \t]{0,8}(?:sudo[ \t]{1,8})?passwd\b)`,
    String.raw`\blogin[ \t]{1,8}\S{1,128}[ \t]{1,8}password[ \t]{1,8}>>\S{1,256}`,
    String.raw`\bnet(?:\.exe)?[ \t]{1,8}use\b[^\n]{0,400}?[ \t](?![/*])>>[^\s/\\:]{1,256}(?=[ \t]{1,8}/user:)`,
    String.raw`-Name[ \t]{1,8}["']?\w{0,64}${WORD}["']?[ \t]{1,8}-Value[ \t]{1,8}>>${VALUE}`,
    String.raw`\bNetworkCredential(?:\]::new)?[ \t]{0,8}\([ \t]{0,8}[^,\n]{1,128},[ \t]{0,8}>>${VALUE}`,
    String.raw`[ \t]/rp[ \t]{1,8}>>${VALUE}`,
    String.raw`[ \t]/v[ \t]{1,8}\w{0,64}${WORD}[ \t][^\n]{0,200}?/d[ \t]{1,8}>>${VALUE}`,
    String.raw`\bSetEnvironmentVariable[ \t]{0,8}\([ \t]{0,8}["'][\w-]{0,64}(?:${WORD}|token)["'][ \t]{0,8},[ \t]{0,8}>>${VALUE}`,
    String.raw`\bsetx?[ \t]{1,8}(?:/m[ \t]{1,8})?[\w-]{0,64}(?:${WORD}|token)[ \t]{1,8}(?!/)>>${VALUE}`,
    String.raw`\b(?:identified[ \t]{1,8}(?:with[ \t]{1,8}\S{1,64}[ \t]{1,8})?by|(?:user|role)[ \t]{1,8}\S{1,128}[ \t]{1,8}(?:with[ \t]{1,8})?(?:encrypted[ \t]{1,8})?password)[ \t]{1,8}>>'[^'\n]{1,256}'`,
    String.raw`\b(?:echo|printf)[ \t]{1,8}>>${VALUE}(?=[ \t]{0,8}\|[ \t]{0,8}sudo[ \t]{1,8}-S\b)`,
    String.raw`[ \t]/p(?:ass)?:(?!\/)>>${VALUE}`,
    String.raw`-pass(?:in|out)?[ \t]{1,8}pass:>>${VALUE}`,
    String.raw`-(?:store|key)pass[ \t]{1,8}>>${VALUE}`,
  ]),

  // Of some commands only: elsewhere -p is a port or a path, and -P something else.
  ...shapes("g", [
    String.raw`\blogin${ARGUMENTS}-p(?:[ \t]{1,64}|=)(?!-)>>${VALUE}`,
    String.raw`\bsshpass[ \t]{1,8}(?:-v[ \t]{1,8}|-P[ \t]{1,8}\S{1,64}[ \t]{1,8})?-p[ \t]{0,8}>>${VALUE}`,
    String.raw`\b(?:mysql\w{0,16}|mariadb(?:-\w{1,16})?)${ARGUMENTS}-p(?!\s|\d{1,5}:\d)>>${VALUE}`,
    String.raw`\bhtpasswd[ \t]{1,8}(?:-\w{1,8}[ \t]{1,8}){0,4}-\w{0,8}b\w{0,8}[ \t]{1,8}(?:\S{1,256}[ \t]{1,8}){1,2}>>${VALUE}(?=[ \t]*(?:$|[;&|\n]))`,
    String.raw`\bldap(?:search|add|modify|delete|whoami)${ARGUMENTS}-w[ \t]{1,64}>>${VALUE}`,
    String.raw`\b(?:useradd|usermod)${ARGUMENTS}(?:-p|--password)[ \t=]{1,64}>>${VALUE}`,
    String.raw`\bredis-cli${ARGUMENTS}-a[ \t]{1,64}>>${VALUE}`,
    String.raw`\b(?:sqlcmd|bcp|zip|unzip)${ARGUMENTS}-P[ \t]{0,64}>>${VALUE}`,
    // Only what has a colon holds a password: without one, curl asks for it.
    String.raw`\bcurl\b[^\n]{0,400}?[ \t](?:-[A-Za-z]{0,10}[uU]|--user|--proxy-user)[ \t=]{0,8}${FRESH}>>(?:"[^":\n]{0,200}:[^"\n]*"?|'[^':\n]{0,200}:[^'\n]*'?|[^\s:"']{1,200}:\S+)`,
  ]),

  // After its name.
  ...shapes("g", [
    String.raw`${ENVIRONMENT_KEY}${IS}${NO_PATH}>>${VALUE}`,
    // Of Docker's and npm's files: a name and a password in base 64. A word is none.
    String.raw`(?:["']auth|\b_auth)${IS}(?=\\?["']?[a-z]{0,64}[A-Z0-9+/=][A-Za-z0-9+/=]{7})>>${VALUE}`,
  ]),
  ...shapes("gi", [
    String.raw`${NAME}${IS}>>${VALUE}`,
    String.raw`pwd${IS}${NO_PATH}>>${VALUE}`,
    String.raw`<(?:[\w-]{0,64}:)?\w{0,64}${WORD}>(?:<value>)?(?!\[redacted\])>>[^<\n]+`,
    // As an option's value; another option is none.
    String.raw`${OPTION}(?![-|&;<>]|id=)>>${VALUE}`,
  ]),
];

/** `>>` stands where the secret begins. */
function shapes(flags: string, patterns: string[]): SecretShape[] {
  return patterns.map((pattern) => {
    const [before = "", secret = ""] = pattern.split(">>");
    return [new RegExp(`(${before})(?:${secret})`, flags), "$1[redacted]"];
  });
}
