/** A build VM of Linux, as far as the steps of secrets see it: commands run here, with its addresses led to a ground. */
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VaultGround } from "./vaultGround.ts";

/** Before the program that Python reads: its addresses lead to the ground, and pauses take no time. */
const REDIRECT = `
import os, socket, ssl, sys, time

connect, wrap = socket.create_connection, ssl.SSLContext.wrap_socket
PORTS = {("169.254.169.254", 80): os.environ["METADATA_PORT"], ("vault", 443): os.environ["VAULT_PORT"]}


def redirected(address, *rest, **named):
    host, port = address
    known = PORTS.get(("vault" if host.endswith(".vault.azure.net") else host, port))
    return connect(("127.0.0.1", int(known)) if known else address, *rest, **named)


socket.create_connection = redirected
ssl.SSLContext.wrap_socket = lambda self, plain, **named: wrap(self, plain, **dict(named, server_hostname="localhost"))
time.sleep = lambda seconds: None
sys.argv = sys.argv[1:]
exec(compile(sys.stdin.read(), "program", "exec"), {"__name__": "__main__"})
`;

export interface Ran {
  status: number;
  output: string;
}

export interface LinuxMachine {
  /** Where secrets lie on it. */
  folder: string;
  run(commands: readonly string[], env?: Record<string, string>): Promise<Ran>;
  /** The same without Python, or where \`/run\` is of another file system. */
  runWithout(what: "python" | "tmpfs", commands: readonly string[]): Promise<Ran>;
  remove(): void;
}

const told = (command: string) => execFileSync("sh", ["-c", command], { encoding: "utf8" }).trim();

export function linuxMachine(ground: VaultGround): LinuxMachine {
  const root = mkdtempSync(join(tmpdir(), "goldsmith-secrets-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(root, name), text);
    chmodSync(join(root, name), 0o755);
  };
  for (const folder of ["tools", "tools/python", "run"]) mkdirSync(join(root, folder));
  const python = told("python3 -c 'import sys; print(sys.executable)'");
  file("redirect.py", REDIRECT);
  file("ca.pem", ground.ca);
  file("tools/sudo", '#!/bin/sh\nexec "$@"\n');
  file("tools/stat", '#!/bin/sh\necho "$KIND_OF_RUN"\n');
  // Isolated, it would not take the authority of the ground.
  file(
    "tools/python/python3",
    `#!/bin/sh\ntest "$1" = -I && shift\nexec ${python} ${join(root, "redirect.py")} "$@"\n`,
  );
  for (const tool of ["install", "rm"]) symlinkSync(told(`command -v ${tool}`), join(root, "tools", tool));

  const base = {
    PATH: `${join(root, "tools/python")}:${join(root, "tools")}`,
    KIND_OF_RUN: "tmpfs",
    METADATA_PORT: String(ground.metadataPort),
    VAULT_PORT: String(ground.vaultPort),
    SSL_CERT_FILE: join(root, "ca.pem"),
  };
  /** As packer runs commands, which it writes to a file first; with each command told. */
  const run = (commands: readonly string[], env: Record<string, string> = {}) => {
    file("script", commands.join("\n").replaceAll("/run/goldsmith", join(root, "run", "goldsmith")));
    return new Promise<Ran>((resolve) => {
      execFile("/bin/sh", ["-ex", join(root, "script")], { env: { ...base, ...env } }, (error, stdout, stderr) =>
        resolve({ status: typeof error?.code === "number" ? error.code : error ? -1 : 0, output: stdout + stderr }),
      );
    });
  };
  return {
    folder: join(root, "run", "goldsmith", "secrets"),
    run,
    runWithout: (what, commands) =>
      run(commands, what === "python" ? { PATH: join(root, "tools") } : { KIND_OF_RUN: "xfs" }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
