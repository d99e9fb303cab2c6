import { describe, expect, it } from "vitest";
import { redact } from "../../../src/domain/redaction.ts";

/** 86 digits of base 64: with `==`, the 64 bytes of a storage account's key. */
const KEY_OF_64_BYTES = "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";

/** By where the secret stands, what is printed and what stays of it. */
const SECRETS: Record<string, [line: string, redacted: string][]> = {
  "in a URL or a connection string": [
    [
      "Server=tcp:x.example.net;User ID=me;Pwd=hunter2;Encrypt=True",
      "Server=tcp:x.example.net;User ID=me;Pwd=[redacted];Encrypt=True",
    ],
    ["Server=x;Pwd=hunter2;", "Server=x;Pwd=[redacted];"],
    ['"Server=x;Password=hunter2 two;Database=d"', '"Server=x;Password=[redacted];Database=d"'],
    ["AccountName=a;AccountKey=hunter2==;EndpointSuffix=x", "AccountName=a;AccountKey=[redacted];EndpointSuffix=x"],
    ["https://a.example.net/c/f?sv=1&sig=hunter2%3D&se=2", "https://a.example.net/c/f?sv=1&sig=[redacted]&se=2"],
    ["https://a.example.net/api/f?code=hunter2hunter2==&x=1", "https://a.example.net/api/f?code=[redacted]&x=1"],
    ["git clone https://me:hunter2@example.com/repo", "git clone https://me:[redacted]@example.com/repo"],
    ["git clone https://me:hunt@r2@example.com/repo", "git clone https://me:[redacted]@example.com/repo"],
    [`git clone https://${"hunter2".repeat(6)}@example.com/repo`, "git clone https://[redacted]@example.com/repo"],
    ["redis://:hunter2@cache:6380", "redis://:[redacted]@cache:6380"],
    ['"https://x/f?sv=1\\u0026sig=hunter2\\u0026se=2"', '"https://x/f?sv=1\\u0026sig=[redacted]\\u0026se=2"'],
  ],
  "in a header": [
    ["Authorization: Basic dTpw", "Authorization: Basic [redacted]"],
    ["curl -H 'authorization: Bearer hunter2' x", "curl -H 'authorization: Bearer [redacted]' x"],
    ['{"Authorization": "Basic aHVudGVyMg=="}', '{"Authorization": "Basic [redacted]"}'],
    ["Authorization: SharedAccessSignature hunter2", "Authorization: SharedAccessSignature [redacted]"],
    ["sent Basic aHVudGVyMjpodW50ZXIy to it", "sent Basic [redacted] to it"],
    ['curl -H "x-functions-key: hunter2" https://x', 'curl -H "x-functions-key: [redacted]" https://x'],
    ["> api-key: hunter2", "> api-key: [redacted]"],
    ["Ocp-Apim-Subscription-Key: hunter2", "Ocp-Apim-Subscription-Key: [redacted]"],
    ["PRIVATE-TOKEN: hunter2", "PRIVATE-TOKEN: [redacted]"],
  ],
  "after its name": [
    ["+ AZURE_STORAGE_KEY=hunter2", "+ AZURE_STORAGE_KEY=[redacted]"],
    ["docker run -e MY_MASTERKEY=hunter2 image", "docker run -e MY_MASTERKEY=[redacted] image"],
    ["SOME_KEY: /hunter2+x=", "SOME_KEY: [redacted]"],
    ["DB_PASSWORD=/hunter2", "DB_PASSWORD=[redacted]"],
    ["DB_PWD=/hunter2", "DB_PWD=[redacted]"],
    ["SMTP_PASS=hunter2", "SMTP_PASS=[redacted]"],
    ["APP_SECRET: hunter2", "APP_SECRET: [redacted]"],
    ['$env:AZURE_STORAGE_KEY = "hunter2"', "$env:AZURE_STORAGE_KEY = [redacted]"],
    ["token := hunter2", "token := [redacted]"],
    ["client-key-data: hunter2", "client-key-data: [redacted]"],
    ['{"password": "hunter2", "user": "me"}', '{"password": [redacted], "user": "me"}'],
    ['{"adminPassword": {"value": "hunter2"}, "n": 1}', '{"adminPassword": {"value": [redacted]}, "n": 1}'],
    ['{"primaryKey":"hunter2","pwd":"hunter2"}', '{"primaryKey":[redacted],"pwd":[redacted]}'],
    ["PASSWORD=$(echo hunter2) run", "PASSWORD=[redacted] run"],
    ["PASSWORD=a$(echo $(id) hunter2)b run", "PASSWORD=[redacted] run"],
    ["PASSWORD=`echo hunter2` run", "PASSWORD=[redacted] run"],
    ['PASSWORD="$(echo "a hunter2")" run', "PASSWORD=[redacted] run"],
    ["PASSWORD=$(echo hunter2 \\", "PASSWORD=[redacted]"],
    ['{"auths": {"x": {"auth": "bWU6aHVudGVyMg=="}}}', '{"auths": {"x": {"auth": [redacted]}}}'],
    ["//registry.example.com/:_auth=bWU6aHVudGVyMg==", "//registry.example.com/:_auth=[redacted]"],
    ["<Password><Value>hunter2</Value></Password>", "<Password><Value>[redacted]</Value></Password>"],
  ],
  "as a command's argument": [
    ["az x --account-key=hunter2 -n x", "az x --account-key=[redacted] -n x"],
    ["az x --account-key hunter2 -n x", "az x --account-key [redacted] -n x"],
    ["New-LocalUser -Password hunter2 -Name x", "New-LocalUser -Password [redacted] -Name x"],
    ["sshpass -p hunter2 ssh -p 22 me@x", "sshpass -p [redacted] ssh -p 22 me@x"],
    ["mysql -u root -phunter2 db", "mysql -u root -p[redacted] db"],
    ["curl -u me:hunter2 https://x", "curl -u [redacted] https://x"],
    ["redis-cli -h x -a hunter2 ping", "redis-cli -h x -a [redacted] ping"],
    ["sqlcmd -S x -U sa -P hunter2 -Q q", "sqlcmd -S x -U sa -P [redacted] -Q q"],
    ["cmdkey /add:x /user:y /pass:hunter2", "cmdkey /add:x /user:y /pass:[redacted]"],
    ["openssl rsa -passin pass:hunter2 -in k", "openssl rsa -passin pass:[redacted] -in k"],
    ["keytool -storepass hunter2 -list", "keytool -storepass [redacted] -list"],
    ["net user admin hunter2 /add", "net user admin [redacted] /add"],
    ["echo 'root:hunter2' | sudo chpasswd", "echo 'root:[redacted]' | sudo chpasswd"],
    ["echo hunter2 | sudo passwd --stdin root", "echo [redacted] | sudo passwd --stdin root"],
    ["machine x.example login me password hunter2", "machine x.example login me password [redacted]"],
    ["htpasswd -b /etc/htpasswd me hunter2", "htpasswd -b /etc/htpasswd me [redacted]"],
    ["ldapsearch -D cn=me -w hunter2 -b dc=x", "ldapsearch -D cn=me -w [redacted] -b dc=x"],
    ["schtasks /create /tn x /ru me /rp hunter2", "schtasks /create /tn x /ru me /rp [redacted]"],
    ["net use z: x hunter2 /user:me", "net use z: x [redacted] /user:me"],
    [
      "Set-ItemProperty -Name DefaultPassword -Value hunter2",
      "Set-ItemProperty -Name DefaultPassword -Value [redacted]",
    ],
    ["[NetworkCredential]::new('me', 'hunter2')", "[NetworkCredential]::new('me', [redacted])"],
    ['chpasswd <<< "root:hunter2"', 'chpasswd <<< "root:[redacted]"'],
    ["printf 'root:hunter2' | chpasswd", "printf 'root:[redacted]' | chpasswd"],
    ['ConvertTo-SecureString "hunter2" -AsPlainText', "ConvertTo-SecureString [redacted] -AsPlainText"],
    ["ConvertTo-SecureString -AsPlainText -Force 'hunter2'", "ConvertTo-SecureString -AsPlainText -Force [redacted]"],
    ['$Password = ConvertTo-SecureString "a hunter2"', "$Password = ConvertTo-SecureString [redacted]"],
    ["$Password = 'a hunter2' | ConvertTo-SecureString", "$Password = [redacted] | ConvertTo-SecureString"],
    [
      "New-LocalUser -Password (ConvertTo-SecureString 'a)b hunter2' -Force) -Name x",
      "New-LocalUser -Password [redacted] -Name x",
    ],
  ],
};

describe.each(Object.entries(SECRETS))("what is taken out %s", (_, cases) => {
  it.each(cases)("%s", (line, redacted) => {
    expect(redact(line)).toBe(redacted);
  });

  // A name takes the value after it, and must not take the command that tells of another one.
  it.each(cases)("also where it is something's value: %s", (line) => {
    const secrets = /[a-z]*hunt@?(?:er|r)2[\w=%+]*|aHVudGVy\w+|bWU6\w+|dTpw/i.exec(line);
    if (!secrets) throw new Error("The line has no secret.");
    for (const wrapped of [`password = ${line}`, `$Token = (${line})`, `PASSWORD=$(${line})`, `x --password ${line}`]) {
      expect(redact(wrapped)).not.toContain(secrets[0]);
    }
  });
});

describe("what is taken out", () => {
  it.each([
    KEY_OF_64_BYTES,
    `${"aB3-".repeat(11)}AzFuhunter2==`,
    `abc8Q~${"aB3~".repeat(8)}`,
    `glpat-${"aB3".repeat(7)}`,
    "$6$rounds=5000$abcdefgh$0123456789abcdefghij",
    `gsk_${"aB3-".repeat(10)}aB3`,
    `npm_${"aB3".repeat(12)}`,
    `xoxb-1234567890-hunter2`,
    `AKIA${"ABC2".repeat(4)}`,
    `sk-proj-${"aB3_".repeat(8)}`,
    ...["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "].map((kind) =>
      Buffer.from(`-----BEGIN ${kind}PRIVATE KEY-----\nMIIEpAIBAAKCAQEA`).toString("base64"),
    ),
  ])("by itself: %s", (secret) => {
    expect(redact(`value ${secret} end`)).toBe("value [redacted] end");
  });
});

it.each([
  "commit 9b05528c1e0f3d5a7b9c2d4e6f8091a2b3c4d5e6",
  "OperationId: 3fa85f64-5717-4562-b3fc-2c963f66afa6",
  "az group update --tags Key=Value key=value Owner=me",
  "az sshkey create --key-name mine --public-key @id.pub",
  "keyVaultName=kv keyboard=us monkey=1 cache-key: linux",
  "PWD=/home/packer/work OLDPWD=/root",
  "SSH_KEY=/home/me/.ssh/id_ed25519",
  "SSH_PUBLIC_KEY=ssh-ed25519 AAAAC3",
  "PASSWORD_FILE=/run/secrets/db",
  "secretName: tls-cert",
  `"integrity": "sha512-${KEY_OF_64_BYTES}"`,
  "Microsoft Visual Basic 16.0.31234",
  "Installing basic dependencies 12 of 30",
  "authorization: enabled",
  'if [ "$TOKEN" == "" ]; then',
  "curl https://example.com/x?code=404",
  "docker://alpine:3.18@sha256:abc",
  "Get:12 http://archive.example.com:80/ubuntu noble/main",
  "docker run --name mysql -p3306:3306 -p 8080:80 image",
  "docker login example.com && docker run -p 80:80 image",
  "Set-ExecutionPolicy -ExecutionPolicy Bypass -Scope Process",
  'gpg: key 1234ABCD: public key "x" imported',
  "docker build --secret id=foo,src=x .",
  "/opt/token/password/secret/list",
  `ca.crt: ${Buffer.from("-----BEGIN CERTIFICATE-----\nMIID").toString("base64")}`,
  `id.pub: ${Buffer.from("-----BEGIN PUBLIC KEY-----\nMIID").toString("base64")}`,
  '{"auth": "authentication", "author": "Me12345678"}',
  "sk-learn-contrib-and-more-1.2.3",
  "node v22.3.1, npm 10.9.0-rc.1+build5",
])("leaves as it is: %s", (line) => {
  expect(redact(line)).toBe(line);
});
