/** What shells, PowerShell and templates put a value in place of: a variable, what a command prints, an expression. */
const REFERENCES = [
  String.raw`\$\{\{[^{}]*\}\}`,
  String.raw`\{\{[^{}]*\}\}`,
  // One with a default of its own has a value.
  String.raw`\$\{(?![^{}]*:?[-=][^{}$]{4})[^{}]*\}`,
  String.raw`\$\((?:[^()]|\((?:[^()]|\([^()]{0,512}\)){0,512}\)){0,4096}\)?`,
  String.raw`(?<![\w$])\$[\w?@*#!](?:\w|[:.]\w|\[[^\]\n]{0,256}\]|\([^()\n]{0,256}\))*`,
  String.raw`\x60[^\x60]*\x60`,
  String.raw`(?<![\w%])%\w+%(?![\w%])`,
  String.raw`<[^<>]*>`,
];
/** A cmdlet of PowerShell, or a call: what it gives is the value. */
const CALL = /^(?:-join\b|[A-Z][a-z]+-[A-Z][A-Za-z]+$|(?:[a-z_]\w{0,64}\.){1,4}[A-Za-z_]\w{0,64}(?:$|[([]))/;
/** A link to what anybody may read. */
const LINK = /^["']?https?:\/\/[^\s:@?]+$/;
/** Of keys by their names: a fingerprint. */
const FINGERPRINT = /^["']?[0-9A-Fa-f]{40}["']?$/;
const REFERENCE = new RegExp(REFERENCES.join("|"), "g");
/**
 * An expression of PowerShell, a process whose output is read, a placeholder, a reference of the platform's, a
 * variable that has to be set.
 */
const EXPRESSION = /^["']?(?:\$\{\w+:?\?|\(|<[(A-Za-z]|\[[\w.]+\]|@Microsoft\.|@\()/;
/** A file's path, below what stands for a folder. */
const PATH = /^["']?(?:file:)?\$(?:\w+|\{\w+\})[\\/]/;
/** Whose it is may stand before it. */
const OF_SOMEBODY = /^["']?[\w.@\\-]{1,64}:/;

/** Switches, and what says how or where something is kept. */
const WORDS = new Set(
  `true false none null undefined enabled disabled required optional locked always never unset empty auto default
  files file systemd ldap sss compat md5 sha256 sha512 sha-256 sha-512 scram-sha-256 bcrypt argon2id yescrypt`.split(
    /\s+/,
  ),
);
/** What is public by what it is, or no more than a name. */
const PUBLIC = /^["']?(?:ssh-(?:rsa|dss|ed25519)\b|ecdsa-sha2-|HK(?:LM|CU|CR|U|CC)[:\\]|HKEY_)/i;
/** Keys that open nothing. */
const NO_KEY =
  /(?:PublicKeyToken["']?[\s:=]*|(?:CACHE|GPG|PGP|SORT|REGISTRY|PARTITION|FOREIGN|HOST|ROW|RANGE)_?KEY["']?[\s:=]*)$/;

/** What may stand round a secret and is no part of it. */
export const ROUND = String.raw`[\s"'\\\x60,;(){}[\]]`;
const AROUND = new RegExp(ROUND, "g");
/** A shorter one is a word of its own: `token: no`. */
const SHORTEST = 4;

/**
 * Whether what looks like a secret is one as it stands there, and not what only tells where one comes from.
 *
 * @param before what stands before it in its text, with its name.
 */
export function isPlainSecret(secret: string, before: string): boolean {
  const bare = secret.replace(AROUND, "");
  if (bare.length < SHORTEST || WORDS.has(bare.toLowerCase()) || PUBLIC.test(secret) || NO_KEY.test(before)) {
    return false;
  }
  // In single quotes nothing is put in place of anything.
  if (secret.startsWith("'")) return !/^'(?:<[^<>]*>|\{\{[^{}]*\}\})'/.test(secret);
  if (EXPRESSION.test(secret) || PATH.test(secret) || CALL.test(secret) || LINK.test(secret)) return false;
  if (/KEY["']?[\s:=]*$/.test(before) && FINGERPRINT.test(secret)) return false;
  const rest = secret.replace(REFERENCE, "");
  if (rest === secret) return true;
  return /[A-Za-z0-9]/.test(rest.replace(OF_SOMEBODY, ""));
}
