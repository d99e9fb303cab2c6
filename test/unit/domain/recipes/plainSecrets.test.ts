import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { plainSecretsIn } from "../../../../src/domain/recipes/plainSecrets.ts";

const base64 = (text: string, encoding: BufferEncoding = "utf8") => Buffer.from(text, encoding).toString("base64");
const wrapped = (text: string) => base64(text).replace(/.{76}/g, "$&\n");

describe("a secret in plain text", () => {
  it.each<[string, unknown, PropertyKey[]]>([
    ["in a text", { inline: ["az version", "az login --password geheim-1234"] }, ["inline", 1]],
    ["by the name of its field", { tags: { team: "a", password: "geheim-1234" } }, ["tags", "password"]],
    ["in base 64", [`echo ${base64('{"apiToken":"geheim-1234"}')} | base64 -d`], [0]],
    ["in base 64 of several lines", [wrapped(`# ${"x".repeat(70)}\npassword=geheim-1234\n`)], [0]],
    ["in base 64 of UTF-16, as PowerShell takes commands", [base64("$password='geheim-1234'", "utf16le")], [0]],
    ["in base 64 of Latin-1", [base64("# für alle\npassword=geheim-1234\n", "latin1")], [0]],
  ])("is found %s", (_, value, path) => {
    expect(plainSecretsIn(value)).toMatchObject([{ path }]);
  });

  it.each([
    "az storage blob list --sas-token $SAS --account-key geheim-1234",
    "password: Pa$$w0rd",
    "mysql -u root -pPa$$w0rd -e 'select 1'",
    "echo 'root:Pa$$w0rd1' | chpasswd",
    "net user admin Pa$$w0rd1",
    'ConvertTo-SecureString "Pa$$w0rd1" -AsPlainText -Force',
    "usermod -p '$6$rounds=5000$abcdefgh$0123456789abcdefghij' root",
    "password=${PASSWORD:-geheim-1234}",
    "export password=\\\ngeheim-1234",
    "echo geheim-1234 | sudo passwd --stdin root",
    "machine a.example login me password geheim-1234",
    "htpasswd -b /etc/nginx/htpasswd me geheim-1234",
    "ldapsearch -D cn=me -w geheim-1234 -b dc=x",
    "schtasks /create /tn x /ru me /rp geheim-1234",
    "net use z: \\\\a\\b geheim-1234 /user:me",
    "Set-ItemProperty -Path $key -Name DefaultPassword -Value geheim-1234",
    "[Net.NetworkCredential]::new('me', 'geheim-1234')",
    "reg add HKLM\\\\x /v DefaultPassword /t REG_SZ /d geheim-1234 /f",
    "[Environment]::SetEnvironmentVariable('API_TOKEN', 'geheim-1234', 'Machine')",
    "setx TOKEN geheim-1234 /m",
    "psql -c \"CREATE USER me WITH PASSWORD 'geheim-1234'\"",
    "mysql -e \"ALTER USER me IDENTIFIED BY 'geheim-1234'\"",
    "echo geheim-1234 | sudo -S apt-get update",
    "curl https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx",
  ])("is found in %j", (text) => {
    expect(plainSecretsIn([text])).toHaveLength(1);
  });

  it("is found in every signature of a shared access, however it is encoded", () => {
    for (let at = 0; at < 200; at++) {
      const signature = encodeURIComponent(createHash("sha256").update(String(at)).digest("base64"));
      const url = `curl -o a "https://a.blob.core.windows.net/c/b?sv=2024-11-04&sr=b&sig=${signature}&sp=r"`;
      expect(plainSecretsIn([url]), url).toHaveLength(1);
    }
  });

  it.each([
    "password=$(cat /run/secrets/password)",
    "token: ${{ secrets.TOKEN }}",
    'curl -u "$USER:$PASS" https://a.example',
    "curl --user admin:$PASS https://a.example",
    'curl -H "Authorization: Bearer $TOKEN" https://a.example',
    "curl https://a.example/?sig=$SIG",
    "setx PASSWORD %PASSWORD%",
    "$password = $env:PASSWORD",
    "$password = (Get-Secret -Name x).Value",
    "$token = $answer.access_token",
    "password: '{{ vault_password }}'",
    "password=<your password>",
    "passphrase=$HOME/.passphrase",
    "password=${PASSWORD:?is missing}",
    "lock_passwd: true",
    "passwd: files systemd",
    "disable_password_authentication: true",
    "allow_password=false",
    'if [ "$token" = "none" ]; then exit 1; fi',
    "csrf_token: disabled",
    "password_encryption = scram-sha-256",
    "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D",
    "SSH_KEY=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ",
    "SORT_KEY=created_at",
    "HASHICORP_KEY=C874011F0AB405110D02105534365D9472D7468F",
    "DOCKER_KEY=https://download.docker.com/linux/ubuntu/gpg",
    "System.Web, Version=4.0.0.0, PublicKeyToken=b03f5f7f11d50a3a",
    "$password = Read-Host",
    'token = os.environ["TOKEN"]',
    "password = getpass.getpass()",
    "const password = process.env.PASSWORD",
    `echo ${Buffer.from("-----BEGIN PGP PUBLIC KEY BLOCK-----\\n\\nmQINBF").toString("base64")}`,
    "REGISTRY_KEY=HKLM:\\SOFTWARE\\x",
    JSON.stringify({ passwordPolicy: "strict" }),
    Buffer.from("\u0001\u0002password=geheim-1234", "latin1").toString("base64"),
    "A".repeat(10_000),
  ])("is not seen in %j", (text) => {
    expect(plainSecretsIn([text])).toEqual([]);
  });

  it("is looked for without end in no text", () => {
    for (const piece of ["$a[", "$a(", "${", "$(", "(", "'", "`", "<", "%a", "login -", "net use "]) {
      plainSecretsIn([`token=${piece.repeat(200_000 / piece.length)}`], ["token=unused"]);
    }
  });

  it("is none where it is told to be none, in base 64 as well", () => {
    const told = ["password=changeme"];
    expect(plainSecretsIn(["set password=changeme; true"])).toHaveLength(1);
    expect(plainSecretsIn(["set password=changeme; true", base64("x\npassword=changeme\n")], told)).toEqual([]);
  });

  it("is found where it only begins or ends like one that is told to be none, or stands beside it", () => {
    const told = ["password=changeme"];
    for (const text of ["password=changeme123", "password=notchangeme", "password=changeme\ntoken=geheim-1234"]) {
      expect(plainSecretsIn([text], told), text).toHaveLength(1);
    }
  });
});
