import type { SecretReference } from "./secrets.ts";

const FOLDER = "C:\\ProgramData\\Goldsmith\\Secrets";

/**
 * What reads secrets on Windows. Windows PowerShell 5.1, which is what image builder runs: its own commands for the web
 * take a proxy for the metadata service and guess encodings, so they are not used.
 */
const PROGRAM = String.raw`
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
$attempts = 8
$pauseSeconds = 15
$timeoutMilliseconds = 20000
$letIn = 'Let the subnet of the build VM through the firewall of the vault, or give the vault a private endpoint.'
$mends = @{}
$mends.Add('ForbiddenByFirewall', $letIn)
$mends.Add('ForbiddenByConnection', $letIn)
$mends.Add('SecretDisabled', 'Enable it in the vault.')
$mends.Add('invalid_request', 'See that the identity is there still.')
$mends.Add('401', 'Use an identity of the tenant of the vault.')
$mends.Add('403', 'Give the identity the role Key Vault Secrets User on it, or on its vault.')
$mends.Add('404', 'Put it into the vault, or correct vault, name and version in the recipe.')

function Stop-Reading([string] $why) {
  $place = $reference.name + ' of the vault ' + $reference.vault + ', as the identity ' + $reference.identity
  [Console]::Error.WriteLine('Goldsmith: secrets.' + $reference.file + ' cannot be read (' + $place + '): ' + $why)
  exit 1
}

function Get-Code([string] $text) {
  try {
    $told = (ConvertFrom-Json $text).error
    $code = if ($told -is [string]) { $told } elseif ($told.innererror) { $told.innererror.code } else { $told.code }
    if ($code -match '^[A-Za-z_]{1,64}$') { return $code }
  } catch { }
  return ''
}

function Get-Answer([string] $what, [string] $url, [string] $header, [string] $content, [int[]] $passing) {
  for ($left = $attempts - 1; $left -ge 0; $left--) {
    $request = [Net.WebRequest]::Create($url)
    $request.Headers.Add($header, $content)
    $request.AllowAutoRedirect = $false
    $request.Timeout = $timeoutMilliseconds
    if ($header -eq 'Metadata') { $request.Proxy = New-Object Net.WebProxy }
    $response = $null
    $lost = ''
    try {
      $response = $request.GetResponse()
    } catch {
      $failure = $_.Exception
      while ($failure.InnerException -and $failure -isnot [Net.WebException]) { $failure = $failure.InnerException }
      if ($failure -is [Net.WebException]) { $response = $failure.Response; $lost = [string] $failure.Status }
      else { $lost = $failure.GetType().Name }
    }
    if ($response) {
      $status = [int] $response.StatusCode
      $reader = New-Object IO.StreamReader($response.GetResponseStream(), [Text.Encoding]::UTF8)
      $text = $reader.ReadToEnd()
      $reader.Dispose()
      if ($status -eq 200) { return ConvertFrom-Json $text }
      if ($left -eq 0 -or -not ($passing -contains $status -or $status -ge 500)) {
        $code = Get-Code $text
        $mend = if ($mends[$code]) { $mends[$code] } else { $mends[[string] $status] }
        if (-not $mend) { $mend = 'Build again; where it stays, look into its logs.' }
        Stop-Reading (($what + ' answered ' + $status + ' ' + $code).Trim() + '. ' + $mend)
      }
    } elseif ($left -eq 0) {
      Stop-Reading ($what + ' cannot be reached (' + $lost + '). Let the build VM reach it.')
    }
    Start-Sleep -Seconds $pauseSeconds
  }
}

function Get-Bearer([string] $identity) {
  $url = 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net&msi_res_id='
  $url += [Uri]::EscapeDataString($identity)
  return (Get-Answer 'the instance metadata service' $url 'Metadata' 'true' (404, 410, 429)).access_token
}

# Nothing is put there before only the system and administrators can read it.
if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse -Force }
New-Item -ItemType Directory -Path $folder | Out-Null
icacls $folder /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
if ($LASTEXITCODE -ne 0) {
  [Console]::Error.WriteLine('Goldsmith: the folder of secrets cannot be closed to others; secrets are not read.')
  exit 1
}

$bearers = @{}
foreach ($reference in (ConvertFrom-Json $references)) {
  try {
    if (-not $bearers[$reference.identity]) { $bearers[$reference.identity] = Get-Bearer $reference.identity }
    $url = 'https://' + $reference.vault + '.vault.azure.net/secrets/' + $reference.name
    if ($reference.version) { $url += '/' + $reference.version }
    $answer = Get-Answer 'the vault' ($url + '?api-version=7.4') 'Authorization' ('Bearer ' + $bearers[$reference.identity]) (, 429)
    if ($answer.value -isnot [string]) { Stop-Reading 'the vault answered no text.' }
    $bytes = (New-Object Text.UTF8Encoding $false).GetBytes($answer.value)
    [IO.File]::WriteAllBytes((Join-Path $folder $reference.file), $bytes)
  } catch {
    # Of anything unforeseen only the kind is told: its text may hold a part of an answer.
    Stop-Reading $_.Exception.GetType().Name
  }
}`;

/** Overwritten in place first: what is only deleted stays in the disk's free blocks, which are the image's as well. */
const REMOVAL = String.raw`
$ErrorActionPreference = 'Stop'
if (Test-Path -LiteralPath $folder) {
  foreach ($file in (Get-ChildItem -LiteralPath $folder -Recurse -Force | Where-Object { -not $_.PSIsContainer })) {
    $stream = [IO.File]::OpenWrite($file.FullName)
    $zeros = New-Object byte[] $file.Length
    $stream.Write($zeros, 0, $zeros.Length)
    $stream.Flush($true)
    $stream.Dispose()
  }
  Remove-Item -LiteralPath $folder -Recurse -Force
}`;

const folder = `$folder = '${FOLDER}'`;

export function readOnWindows(references: readonly SecretReference[]): string[] {
  // Names alone, none of which has an apostrophe.
  return [folder, `$references = '${JSON.stringify(references)}'`, PROGRAM.trimStart()];
}

export function removeOnWindows(): string[] {
  return [folder, REMOVAL.trimStart()];
}
