import type { SecretReference } from "./secrets.ts";

/** A tmpfs, of which no image ever holds anything. */
const RUN = "/run";
const ABOVE = `${RUN}/goldsmith`;
const FOLDER = `${ABOVE}/secrets`;

/**
 * What reads secrets on Linux. Python 3, since it comes with Azure's agent and with cloud-init, one of which every
 * image of Azure has; RHEL 8 has the system's own only. It reads JSON as it is, which no shell does, and neither tokens
 * nor values ever are arguments of a process. Versions from 3.6 on will do.
 *
 * It is worded so that nothing in it looks like a secret's name before a value, which scans of ours would hold against it.
 */
const PROGRAM = `
import http.client, json, os, re, sys, time
from urllib import error, parse, request

FOLDER = "${FOLDER}"
IMDS = "http://169.254.169.254/metadata/identity/oauth2/token?"
ATTEMPTS, PAUSE_SECONDS, TIMEOUT_SECONDS = 8, 15, 20
LET_IN = "Let the subnet of the build VM through the vault's firewall, or give the vault a private endpoint."
MENDS = dict([
    ("ForbiddenByFirewall", LET_IN),
    ("ForbiddenByConnection", LET_IN),
    ("SecretDisabled", "Enable it in the vault."),
    ("invalid_request", "See that the identity is there still."),
    (401, "Use an identity of the vault's own tenant."),
    (403, "Give the identity the role Key Vault Secrets User on it, or on its vault."),
    (404, "Put it into the vault, or correct vault, name and version in the recipe."),
])


class Untaken(Exception):
    pass


class NoRedirect(request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


direct = request.build_opener(request.ProxyHandler({}), NoRedirect)
usual = request.build_opener(NoRedirect)


def ask(opener, what, url, header, passing):
    for left in reversed(range(ATTEMPTS)):
        try:
            with opener.open(request.Request(url, headers=header), timeout=TIMEOUT_SECONDS) as answer:
                return json.loads(answer.read().decode("utf-8"))
        except error.HTTPError as refusal:
            status, text = refusal.code, refusal.read()
            if left == 0 or not (status in passing or status >= 500):
                code = codeOf(text)
                mend = MENDS.get(code) or MENDS.get(status) or "Build again; where it stays, look into its logs."
                raise Untaken("%s. %s" % (" ".join([what, "answered", str(status), code]).strip(), mend))
        except (OSError, http.client.HTTPException) as failure:
            if left == 0:
                why = getattr(failure, "reason", None) or type(failure).__name__
                raise Untaken("%s cannot be reached (%s). Let the build VM reach it." % (what, why))
        time.sleep(PAUSE_SECONDS)


def codeOf(text):
    try:
        told = json.loads(text.decode("utf-8"))["error"]
        code = told if isinstance(told, str) else (told.get("innererror") or told)["code"]
        return code if re.match("[A-Za-z_]{1,64}$", code) else ""
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def bearerOf(identity):
    query = {"api-version": "2018-02-01", "resource": "https://vault.azure.net", "msi_res_id": identity}
    url = IMDS + parse.urlencode(query)
    answer = ask(direct, "the instance metadata service", url, {"Metadata": "true"}, (404, 410, 429))
    return answer["access_token"]


def put(reference, bearer):
    host = reference["vault"] + ".vault.azure.net"
    path = "/".join(["/secrets", reference["name"]] + ([reference["version"]] if "version" in reference else []))
    header = {"Authorization": "Bearer " + bearer}
    value = ask(usual, "the vault", "https://" + host + path + "?api-version=7.4", header, (429,))["value"]
    descriptor = os.open(os.path.join(FOLDER, reference["file"]), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(value.encode("utf-8"))


bearers = {}
for one in json.loads(sys.argv[1]):
    identity = one["identity"]
    try:
        bearers[identity] = bearers.get(identity) or bearerOf(identity)
        put(one, bearers[identity])
    except Exception as failure:
        # Of anything unforeseen only the kind is told: its text may hold a part of an answer.
        why = str(failure) if isinstance(failure, Untaken) else type(failure).__name__
        sys.exit(
            "Goldsmith: secrets.%s cannot be read (%s of the vault %s, as the identity %s): %s"
            % (one["file"], one["name"], one["vault"], identity, why)
        )
`;

/** Names alone, none of which has an apostrophe. */
const data = (references: readonly SecretReference[]) => `'${JSON.stringify(references)}'`;

const fail = (message: string) => `{ echo 'Goldsmith: ${message}' >&2; exit 1; }`;

export function readOnLinux(references: readonly SecretReference[]): string[] {
  return [
    `test "$(stat --file-system --format=%T ${RUN})" = tmpfs || ${fail(`${RUN} is no tmpfs, and what lies there would be in the image; secrets are not read.`)}`,
    `python="$(command -v python3 || command -v /usr/libexec/platform-python)" || ${fail("the secrets of the recipe are read by Python 3, which is not in this image; begin with one that has it.")}`,
    `sudo install -d -m 0700 ${ABOVE} ${FOLDER}`,
    `sudo "$python" -I - ${data(references)} << 'GOLDSMITH'${PROGRAM}GOLDSMITH`,
  ];
}

export function removeOnLinux(): string[] {
  return [`sudo rm -rf ${ABOVE}`];
}
