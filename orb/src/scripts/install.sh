#!/bin/sh
# Puts the pinned circleci-aws-oidc into the install directory. A file whose SHA-256 is not the pinned one is never run.
#
# Settings: INSTALL_AWS_OIDC_VERSION, _DIR, _BASE_URL, _SHA256 from the command's parameters, and _PINS, the orb's own
# `version=` and `<platform>=<digest>` lines. An empty version or digest means the pinned one.
# A job may set INSTALL_AWS_OIDC_TIMEOUT, the seconds that one attempt to download may take; 60 without it.

# shellcheck disable=SC2250 # Braces only where they are needed.
# shellcheck disable=SC2154 # The settings come from the step's environment.
# shellcheck disable=SC2292 # POSIX sh has no [[ ]], also where the checker takes this for bash.
# shellcheck disable=SC2310 # Each call in a condition handles its failure right there.
# shellcheck disable=SC2312 # A pipe is read for its output, which is judged itself.
# shellcheck disable=SC2016 # What stands in single quotes is a program for something else.
set -euf

# The words of other programs' errors are judged, so they have to be English.
export LC_ALL=C
name=circleci-aws-oidc
stage=
child=

# fail MESSAGE [HINT [CAUSES]]
fail() {
  printf 'error: %s\n' "$1" >&2
  if [ -n "${3:-}" ]; then printf '%s\n' "$3" >&2; fi
  if [ -n "${2:-}" ]; then printf '  hint: %s\n' "$2" >&2; fi
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Sets `platform`, in the words of the released files' names, and `file`, the binary's own name.
find_platform() {
  system=$(uname -s)
  machine=$(uname -m)
  suffix=
  case $system in
    Linux) platform=linux ;;
    Darwin) platform=macos ;;
    MINGW* | MSYS* | CYGWIN*) platform=windows suffix=.exe ;;
    *) fail "there is no $name for the system \`$system\`" ;;
  esac
  case $machine in
    x86_64 | amd64) platform=$platform-x86_64$suffix ;;
    aarch64 | arm64) platform=$platform-aarch64$suffix ;;
    *) fail "there is no $name for the machine \`$machine\`" ;;
  esac
  file=$name$suffix
}

# Sets `version` and `wanted`, the only digest that will do.
find_pin() {
  version=$INSTALL_AWS_OIDC_VERSION
  wanted=$INSTALL_AWS_OIDC_SHA256
  pinned_version=
  pinned_digest=
  for pin in $INSTALL_AWS_OIDC_PINS; do
    case $pin in
      version=*) pinned_version=${pin#version=} ;;
      "$platform"=*) pinned_digest=${pin#*=} ;;
      *) ;;
    esac
  done
  version=${version:-$pinned_version}
  # The pinned digests belong to the pinned version alone.
  if [ -z "$wanted" ] && [ "$version" = "$pinned_version" ]; then wanted=$pinned_digest; fi
  if [ -z "$wanted" ]; then
    fail "no SHA-256 is pinned for $name $version on $platform" \
      "give it in the parameter sha256, or use a release of the orb that pins it"
  fi
  case $wanted in
    *[!0-9A-Fa-f]*) fail "the parameter sha256 is not 64 hexadecimal digits: \`$wanted\`" ;;
    *) ;;
  esac
  if [ "${#wanted}" -ne 64 ]; then fail "the parameter sha256 is not 64 hexadecimal digits: \`$wanted\`"; fi
  wanted=$(printf '%s' "$wanted" | tr 'A-F' 'a-f')
}

# Sets `dir`, absolute: PATH must mean the same place in every directory.
find_directory() {
  dir=$INSTALL_AWS_OIDC_DIR
  # The tilde is text here: a value from the config that no shell has expanded.
  # shellcheck disable=SC2088
  case $dir in
    '~' | '~/'*)
      if [ -z "${HOME:-}" ]; then fail 'HOME is not set' 'set the parameter install-dir to an absolute path'; fi
      dir=$HOME${dir#'~'}
      ;;
    /*) ;;
    '') fail 'the parameter install-dir is empty' ;;
    *) dir=$PWD/$dir ;;
  esac
  case $dir in
    *:* | *'
'*) fail 'the parameter install-dir holds a colon or a line break, which PATH cannot carry' ;;
    *) ;;
  esac
}

# Sets `url`, and `limit`, the seconds for one attempt to get it.
find_download() {
  url=${INSTALL_AWS_OIDC_BASE_URL%/}/v$version/$name-$platform
  case $url in
    http://* | https://*) ;;
    *) fail "the parameter download-base-url is no http or https address: \`$INSTALL_AWS_OIDC_BASE_URL\`" ;;
  esac
  limit=${INSTALL_AWS_OIDC_TIMEOUT:-60}
  case $limit in
    *[!0-9]* | 0*) fail "INSTALL_AWS_OIDC_TIMEOUT is not a number of seconds: \`$limit\`" ;;
    *) ;;
  esac
}

# Prints the SHA-256 of the file $1 in the first word, if `hasher` can.
hash_file() {
  case $hasher in
    sha256sum) sha256sum <"$1" ;;
    shasum) shasum -a 256 <"$1" ;;
    openssl) openssl dgst -sha256 -r <"$1" ;;
    # Isolated: a module that lies in the project must not be taken for Python's own.
    python3) python3 -I -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' <"$1" ;;
    perl) perl -MDigest::SHA -e 'binmode STDIN; print Digest::SHA->new(256)->addfile(*STDIN)->hexdigest' <"$1" ;;
    # Three lines, the digest in the second; older ones put blanks between its bytes.
    *) certutil.exe -hashfile "$1" SHA256 | sed -n '2s/[[:space:]]//gp' ;;
  esac
}

# Sets `hasher` to a program that can tell a SHA-256.
find_hasher() {
  # A program of that name may be a stub or lack a module, so each has to know the digest of nothing.
  for hasher in sha256sum shasum openssl python3 perl; do
    if ! has "$hasher"; then continue; fi
    sum=$(hash_file /dev/null 2>/dev/null) || continue
    if [ "${sum%% *}" = e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ]; then return; fi
  done
  # The one of Windows refuses an empty file. The program without `.exe` is another one.
  hasher=certutil.exe
  if has "$hasher"; then return; fi
  fail 'no program here can check a SHA-256' 'add sha256sum, shasum, openssl, python3 or perl to the image'
}

# Whether the file $1 is the pinned binary.
is_pinned() {
  sum=$(hash_file "$1") || return 1
  [ "${sum%% *}" = "$wanted" ]
}

# Runs a program for at most `limit` seconds. Sets `status`, 143 if time was up, and keeps what it says in a file.
# The clock is here because each program has its own idea of a time limit, and some have none.
limited() {
  "$@" >"$stage/log" 2>&1 </dev/null &
  child=$!
  # In short sleeps, because a long one would outlive the download; and without the step's streams for the same reason.
  (
    left=$limit
    while [ "$left" -gt 0 ]; do
      sleep 1
      kill -0 "$child" || exit 0
      left=$((left - 1))
    done
    kill "$child"
  ) >/dev/null 2>&1 &
  status=0
  wait "$child" 2>/dev/null || status=$?
  child=
}

# Each of these makes one attempt to get `url` into $stage/download.

fetch_with_curl() { limited curl --fail --silent --show-error --location --output "$stage/download" "$url"; }

# fetch_with_wget WGET...
fetch_with_wget() {
  # The one of busybox makes a single attempt and takes few options, GNU's makes twenty.
  case $("$@" --help 2>&1) in
    *BusyBox*) set -- "$@" -q ;;
    *) set -- "$@" -nv -t 1 ;;
  esac
  limited "$@" -O "$stage/download" "$url"
}

fetch_with_python() {
  limited python3 -I -c '
import sys, urllib.request
answer = urllib.request.urlopen(sys.argv[1]).read()
open(sys.argv[2], "wb").write(answer)
' "$url" "$stage/download"
}

# The smallest perl has sockets but no HTTP::Tiny: enough for a mirror with plain http.
fetch_with_perl() {
  limited perl -e '
use strict;
my ($url, $file) = @ARGV;

sub with_module {
  my $answer = HTTP::Tiny->new->get($url);
  die $answer->{content} if $answer->{status} == 599;
  die "HTTP error $answer->{status} $answer->{reason}\n" unless $answer->{success};
  return $answer->{content};
}

sub by_hand {
  my ($host, $port, $path) = $url =~ m{^http://([^/:]+)(?::(\d+))?(/.*)}
    or die "https needs the modules HTTP::Tiny and IO::Socket::SSL\n";
  require IO::Socket::INET;
  my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port || 80) or die "$@\n";
  print {$socket} "GET $path HTTP/1.0\r\nHost: $host\r\n\r\n";
  my ($head, $body) = split /\r\n\r\n/, do { local $/; <$socket> }, 2;
  die "HTTP error $1\n" if $head =~ m{^HTTP/\S+ (?!200)([^\r]*)};
  die "the answer was cut short\n" if !defined $body || $head =~ /^Content-Length: *(\d+)/mi && $1 != length $body;
  return $body;
}

my $body = eval { require HTTP::Tiny } ? with_module() : by_hand();
open my $out, ">:raw", $file or die "$file: $!\n";
print {$out} $body and close $out or die "$file: $!\n";
' "$url" "$stage/download"
}

# fetch_with_powershell POWERSHELL
fetch_with_powershell() {
  export INSTALL_AWS_OIDC_URL="$url"
  # From inside of the directory, because PowerShell has other names for it than the shell.
  limited sh -c 'cd "$1" && exec "$0" -NoProfile -NonInteractive -Command "$2"' \
    "$1" "$stage" '
$ProgressPreference = "SilentlyContinue"
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
try { Invoke-WebRequest -UseBasicParsing -Uri $env:INSTALL_AWS_OIDC_URL -OutFile download -ErrorAction Stop }
catch {
  if ($_.Exception.Response) { [Console]::Error.Write("HTTP error " + [int]$_.Exception.Response.StatusCode + ": ") }
  [Console]::Error.WriteLine($_.Exception.Message)
  exit 1
}'
}

# The attempt with the program $1. Sets `status`, and `reason` to what it says of a failure.
attempt() {
  case $1 in
    curl) fetch_with_curl ;;
    wget) fetch_with_wget wget ;;
    busybox) fetch_with_wget busybox wget ;;
    python3) fetch_with_python ;;
    perl) fetch_with_perl ;;
    *) fetch_with_powershell "$1" ;;
  esac
  if [ "$status" -eq 143 ]; then
    reason="not done after $limit seconds"
  else
    # After its error curl goes on with advice. Of the others the last line says what was wrong.
    reason=$(tr -d '\r' <"$stage/log" | sed -n -e '/[^[:space:]]/h' -e '/^curl: ([0-9]/{p;q;}' -e '${x;p;}')
    reason=${reason#"$1: "}
    reason=${reason:-ended with exit code $status}
  fi
}

# Whether the server has said that it won't, in which case no other program and no later attempt gets more.
is_refusal() {
  case $reason in
    *' 408'* | *' 429'*) return 1 ;;
    *[Ee]rror*' 4'[0-9][0-9] | *[Ee]rror*' 4'[0-9][0-9][!0-9]*) ;;
    *ERROR*' 4'[0-9][0-9][!0-9]*) ;;
    *) return 1 ;;
  esac
}

# Prints the programs that are here to download with, best first.
downloaders() {
  for tool in curl wget busybox python3 perl pwsh powershell.exe; do
    # A wget of its own is the same program or a better one.
    if [ "$tool" = busybox ] && has wget; then continue; fi
    if has "$tool"; then printf '%s\n' "$tool"; fi
  done
}

# Downloads `url` to $stage/download. A program that fails gives way to the next one: it may lack TLS or certificates.
download() {
  tools=$(downloaders)
  if [ -z "$tools" ]; then
    fail 'nothing is here to download with' 'add curl, wget, python3 or perl to the image'
  fi
  for pause in 1 3 0; do
    causes=
    hint='check the network of the job, set download-base-url to a mirror that it reaches, or add curl to the image'
    for tool in $tools; do
      attempt "$tool"
      if [ "$status" -eq 0 ]; then return; fi
      causes="$causes${causes:+
}  caused by: $tool: $reason"
      if is_refusal; then
        fail "cannot download \`$url\`" 'check the parameters version and download-base-url' "$causes"
      fi
      if [ "$status" -eq 143 ]; then
        hint='set INSTALL_AWS_OIDC_TIMEOUT to more seconds, or download-base-url to a mirror that is near'
        break
      fi
    done
    sleep "$pause"
  done
  fail "cannot download \`$url\`" "$hint" "$causes"
}

# Puts the pinned binary into `stage`: a copy from the PATH if that is the one, else a download.
stage_binary() {
  origin=$(command -v "$name") || origin=
  if [ -f "$origin" ] && is_pinned "$origin"; then
    cp "$origin" "$stage/download"
  else
    origin=$url
    download
  fi
  # Checked here and not before: what was looked at is what gets moved into place.
  is_pinned "$stage/download" ||
    fail "the SHA-256 of \`$origin\` is not the pinned one ($wanted, found ${sum%% *}); the file is removed" \
      'compare both with the SHA256SUMS of the release: the file was cut short, or it is another one'
}

# What is done for the exit of the script, however it comes.
clean_up() {
  if [ -n "$child" ]; then kill "$child" || true; fi
  if [ -n "$stage" ]; then rm -rf "$stage"; fi
}

install_binary() {
  target=$dir/$file
  if [ -f "$target" ] && is_pinned "$target"; then
    printf '%s %s is in %s already\n' "$name" "$version" "$dir"
    return
  fi
  if [ -d "$target" ]; then fail "\`$target\` is a directory"; fi
  mkdir -p "$dir" || fail "cannot create \`$dir\`" 'set the parameter install-dir to a directory that this user may write'
  # A file of another digest must not stay where a later step looks for the binary.
  rm -f "$target" || fail "cannot replace \`$target\`"
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  stage=$(mktemp -d "$dir/.install.XXXXXX") ||
    fail "cannot write to \`$dir\`" 'set the parameter install-dir to a directory that this user may write'
  stage_binary
  chmod 0755 "$stage/download"
  mv -f "$stage/download" "$target"
  printf 'installed %s %s in %s\n' "$name" "$version" "$dir"
}

# Bash reads BASH_ENV before each later step; other shells have to name the directory.
put_on_path() {
  if [ -z "${BASH_ENV:-}" ]; then return; fi
  quoted=$(printf '%s' "$dir" | sed "s/'/'\\\\''/g")
  line="export PATH='$quoted':\"\$PATH\""
  if [ -f "$BASH_ENV" ] && grep -qxF -e "$line" "$BASH_ENV"; then return; fi
  # Later steps append credentials to this file, so it is private from the start.
  (umask 077 && printf '%s\n' "$line" >>"$BASH_ENV") || fail "cannot write to the file of BASH_ENV, \`$BASH_ENV\`"
}

find_platform
find_hasher
find_pin
find_directory
find_download
install_binary
put_on_path
