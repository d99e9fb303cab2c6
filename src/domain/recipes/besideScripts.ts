import { isJsonObject } from "../json.ts";
import { uriOfScript } from "../keptScript.ts";
import { type BesideFile, largerThan, scriptPath, textOf } from "./beside.ts";
import type { RecipeGround } from "./ofTemplate.ts";
import { wholePath } from "./fields.ts";
import { plainSecretsIn, textIn } from "./plainSecrets.ts";

/** What lies beside recipes goes into the template as it is, up to this: ARM takes templates of up to 4 MB. */
export const LARGEST_SCRIPT = 64 * 1024;
/** What is larger is put where image builder fetches it: of files it advises against more. */
export const LARGEST_UPLOAD = 20 * 1024 * 1024;

/** A step with what it names beside the recipe in it, as commands or by its URI; and what is wrong, with the field it is of. */
export interface PutIn {
  step: unknown;
  /** Of the commands. */
  characters: number;
  /** Of what is fetched. */
  bytes: number;
  fault?: { field: string; message: string };
}

type Found = BesideFile & { kind: "file" };

/**
 * Puts the file of a step that names one beside the recipe into it: a script runs on the build VM as it would by its
 * `scriptUri`, and a file lies where it goes. What is too long for that gets such a URI. All are
 * held against their checksum. What else is wrong with a step the schema tells.
 */
export function withBesideFile(
  step: unknown,
  { readBeside, scriptContainer }: RecipeGround,
  notSecret: readonly string[],
): PutIn {
  const nothing: PutIn = { step, characters: 0, bytes: 0 };
  if (!isJsonObject(step)) return nothing;
  const field = "script" in step ? "script" : "file";
  const { [field]: path, type, destination, ...rest } = step;
  const isScript = field === "script" && (type === "Shell" || type === "PowerShell") && destination === undefined;
  const isFile = field === "file" && type === "File" && typeof destination === "string" && !("sourceUri" in rest);
  const name = scriptPath.safeParse(path).data;
  if (name === undefined || !(isScript || isFile) || "inline" in rest || "scriptUri" in rest) return nothing;

  const file = readBeside(name, LARGEST_UPLOAD);
  // With commands in its place, so that nothing else is wrong with the step but what the schema finds.
  const placeholder = { ...rest, type: isFile ? "Shell" : type, inline: ["false"] };
  const faulty = (message: string): PutIn => ({
    ...nothing,
    step: placeholder,
    fault: { field, message: `names ${name}, which ${message}` },
  });
  if (file.kind === "unreadable") return faulty(file.message);
  const isLong = file.bytes.length > LARGEST_SCRIPT;
  if (isLong && scriptContainer === undefined) return faulty(`${largerThan(LARGEST_SCRIPT)}: ${SET_CONTAINER}`);
  const text = textOf(file);
  // What a secret looks like is the same in any other encoding of bytes. Programs have words of all kinds in them.
  const looked = text.kind === "text" && !text.text.includes("\0") ? text.text : textIn(file.bytes);
  const [found] = looked === undefined ? [] : plainSecretsIn(looked, notSecret);
  if (looked !== undefined && found) {
    return faulty(
      `holds what looks like a secret in plain text${lineOf(looked, found.secret)}; read it on the build VM from Key Vault, or tell in notSecret why it is none`,
    );
  }
  const misplaced = isFile ? misplacedBy(destination) : undefined;
  if (misplaced !== undefined) return { ...faulty(""), fault: { field: "destination", message: misplaced } };
  if (isScript) {
    if (text.kind === "unreadable") return faulty(text.message);
    if (text.text.includes("\0")) return faulty("is no text");
    // What is run is held against the file's own checksum, and a shell takes no mark before its first line.
    if (type === "Shell" && !Buffer.from(text.text, "utf8").equals(file.bytes)) {
      return faulty("is UTF-16 or begins with a byte order mark; a shell of Linux takes plain UTF-8 only");
    }
    if (type === "Shell" && text.text.includes("\r\n")) {
      return faulty("has the line ends of Windows, which no shell of Linux takes");
    }
  }
  if (isLong && scriptContainer !== undefined) {
    // The checksum is not the recipe's to tell.
    if ("sha256Checksum" in rest || "unchecked" in rest) return { ...nothing, step: placeholder };
    const { sha256, bytes } = file;
    const uri = uriOfScript(scriptContainer, { path: name, sha256 });
    const fetched = isFile ? { destination, sourceUri: uri } : { scriptUri: uri };
    return { ...nothing, step: { ...rest, type, ...fetched, sha256Checksum: sha256 }, bytes: bytes.length };
  }
  if (isFile) {
    return destination.startsWith("/")
      ? sized({ ...rest, type: "Shell", inline: linuxFile(file, destination) })
      : sized({
          ...rest,
          type: "PowerShell",
          inline: windowsFile(file, `'${destination.replaceAll(QUOTES, "$&$&")}'`),
        });
  }
  const commands = text.kind === "text" ? text.text : "";
  return sized({
    ...rest,
    type,
    inline: type === "PowerShell" ? powerShellScript(file, commands) : shellScript(file, commands),
  });
}

/** Of the first place; nothing where it stands there in base 64. */
function lineOf(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return at < 0 ? "" : `, in line ${text.slice(0, at).split("\n").length}`;
}

const SET_CONTAINER =
  "set GOLDSMITH_SCRIPT_CONTAINER, where what is larger is put; goldsmith check takes it as --script-container";

function sized(step: { inline: string[] } & Record<string, unknown>): PutIn {
  return { step, characters: step.inline.join("").length, bytes: 0 };
}

/** What PowerShell takes for the end of a text in single quotes, unless it stands there twice. */
const QUOTES = /['\u2018-\u201b]/g;

/** As image builder itself writes files on Linux. */
function misplacedBy(destination: string): string | undefined {
  const fault = wholePath.safeParse(destination).error?.issues[0]?.message;
  if (fault !== undefined || !destination.startsWith("/")) return fault;
  const isBelow =
    destination.startsWith("/tmp/") && !destination.endsWith("/") && !destination.split("/").includes("..");
  return isBelow ? undefined : "must be below /tmp on Linux; a Shell step moves it from there";
}

/** The same text on the machine, its last line's end or none included, and run by the interpreter that it names. */
function shellScript({ sha256 }: Found, text: string): string[] {
  const path = `/tmp/goldsmith-${sha256.slice(0, 12)}`;
  const end = `GOLDSMITH-${sha256.slice(0, 12)}`;
  const written = text.endsWith("\n")
    ? `cat > ${path} << '${end}'\n${text}${end}`
    : `printf %s "$(cat << '${end}'\n${text}\n${end}\n)" > ${path}`;
  return [written, `echo '${sha256}  ${path}' | sha256sum --check --quiet`, `chmod 0700 ${path}`, path, `rm ${path}`];
}

/** What a here-string of PowerShell takes as it is, whatever encoding the script that it stands in is read in. */
const PLAIN = /^(?![ \t]*'@)(?![^]*[\r\n][ \t]*'@)[\t\n\r\x20-\x7e]*$/;

/** The same bytes on the machine, run as a script of their own; what that exits with, the step does. */
function powerShellScript(file: Found, text: string): string[] {
  const path = `'C:\\Windows\\Temp\\goldsmith-${file.sha256.slice(0, 12)}.ps1'`;
  // A mark at its beginning, or another encoding, is in none of its letters.
  const isPlain = PLAIN.test(text) && Buffer.from(text, "utf8").equals(file.bytes);
  const written = isPlain
    ? [`[IO.File]::WriteAllText(${path}, @'\n${text}\n'@)`, windowsCheck(file, path)]
    : windowsFile(file, path);
  return [...written, `& ${path}`, "$code = $LASTEXITCODE", `Remove-Item -LiteralPath ${path}`, "exit $code"];
}

function linuxFile({ bytes, sha256 }: Found, destination: string): string[] {
  const path = `'${destination.replaceAll("'", String.raw`'\''`)}'`;
  return [`echo ${base64Of(bytes)} | base64 --decode > ${path}`, `test "$(sha256sum < ${path})" = '${sha256}  -'`];
}

/** @param path in quotes, as PowerShell reads it. */
function windowsFile(file: Found, path: string): string[] {
  return [
    `[IO.File]::WriteAllBytes(${path}, [Convert]::FromBase64String('${base64Of(file.bytes)}'))`,
    windowsCheck(file, path),
  ];
}

function windowsCheck({ sha256 }: Found, path: string): string {
  return `if ((Get-FileHash -Algorithm SHA256 -LiteralPath ${path}).Hash -ne '${sha256}') { throw 'The file is not what the recipe has.' }`;
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
