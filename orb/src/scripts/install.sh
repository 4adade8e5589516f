#!/bin/sh
# Installs the pinned circleci-aws-oidc in the install directory. A file whose SHA-256 is not the pinned one is never
# run, and nothing else is in that directory: it is in front of PATH, and Windows loads libraries from beside a program.
#
# Settings: INSTALL_AWS_OIDC_VERSION, _DIR, _BASE_URL, _SHA256 from the command's parameters, and _PINS, the orb's own
# `version=` and `<platform>=<digest>` lines. An empty version or digest is the pinned one.
# A job can set INSTALL_AWS_OIDC_TIMEOUT, the limit in seconds for one download attempt; the default is 60. Where a
# certificate is not trusted, the CAs of AWS_CA_BUNDLE, SSL_CERT_FILE or CURL_CA_BUNDLE are tried.

# shellcheck disable=SC2250 # Braces only where they are needed.
# shellcheck disable=SC2154 # The settings come from the step's environment.
# shellcheck disable=SC2292 # POSIX sh has no [[ ]], also where the checker reads this as bash.
# shellcheck disable=SC2310 # Each call in a condition handles its failure there.
# shellcheck disable=SC2312 # A pipe is read for its output, which is checked.
# shellcheck disable=SC2016 # Single quotes hold programs of other languages.
# fish parses a whole script before it runs one line, and prints the first line that it cannot parse: this one.
# shellcheck disable=SC2194,SC2249 # The word is constant.
case sh in sh) ;; esac # error: this step needs a POSIX shell and fish runs it; set the parameter shell to /bin/sh
set -euf
# What is created here is its owner's: directories 0700, the file of BASH_ENV, to which credentials are added, 0600.
umask 077

# The errors of other programs are searched for English words.
export LC_ALL=C
name=circleci-aws-oidc
stage=
child=
# The end of the name of the compressed file, where that is what is downloaded.
packed=
# What is in the place of the binary, until it is known to be the pinned one in a directory of its own.
unfit=

# A terminal obeys control characters, and a log may be read in one.
without_controls() { tr '\001-\011\013-\037\177' '?'; }

# Text of another program or a server: one line of printable ASCII.
ascii() { printf '%s' "$1" | tr -c '\040-\176' '?'; }

say() { printf '%s\n' "$1" | without_controls; }

# fail MESSAGE [HINT [CAUSES]]
fail() {
  {
    printf 'error: %s\n' "$1"
    if [ -n "${3:-}" ]; then printf '%s\n' "$3"; fi
    if [ -n "${2:-}" ]; then printf '  hint: %s\n' "$2"; fi
  } | without_controls >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Sets `platform`, as in the names of the released files, and `file`, the binary's file name.
find_platform() {
  system=$(uname -s)
  machine=$(uname -m)
  suffix=
  case $system in
    Linux) platform=linux ;;
    Darwin) platform=macos ;;
    MINGW* | MSYS* | CYGWIN*) platform=windows suffix=.exe ;;
    *) fail "there is no $name for the system \`$(ascii "$system")\`" ;;
  esac
  case $machine in
    x86_64 | amd64) platform=$platform-x86_64$suffix ;;
    aarch64 | arm64) platform=$platform-aarch64$suffix ;;
    *) fail "there is no $name for the machine \`$(ascii "$machine")\`" ;;
  esac
  file=$name$suffix
}

# Sets `version` and `wanted`, the only accepted digest.
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
  # The pinned digests are valid only for the pinned version.
  if [ -z "$wanted" ] && [ "$version" = "$pinned_version" ]; then wanted=$pinned_digest; fi
  if [ -z "$wanted" ]; then
    fail "no SHA-256 is pinned for $name $version on $platform" \
      "set the parameter sha256, or use a release of the orb that pins this version"
  fi
  case $wanted in
    *[!0-9A-Fa-f]*) fail "invalid value \`$wanted\` of the parameter sha256; expected 64 hexadecimal digits" ;;
    *) ;;
  esac
  if [ "${#wanted}" -ne 64 ]; then fail "invalid value \`$wanted\` of the parameter sha256; expected 64 hexadecimal digits"; fi
  wanted=$(printf '%s' "$wanted" | tr 'A-F' 'a-f')
}

# Sets `dir`, an absolute path: PATH must have the same meaning in every directory.
find_directory() {
  dir=$INSTALL_AWS_OIDC_DIR
  # The tilde is literal: the value comes from the config and no shell has expanded it.
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
'*) fail 'the parameter install-dir holds a colon or a line break, which PATH cannot hold' ;;
    *) ;;
  esac
}

# Sets `url`, `limit`, the seconds for one download attempt, and `bundle`, a file of CA certificates or nothing.
find_download() {
  url=${INSTALL_AWS_OIDC_BASE_URL%/}/v$version/$name-$platform
  case $url in
    http://* | https://*) ;;
    *) fail "invalid value \`$INSTALL_AWS_OIDC_BASE_URL\` of the parameter download-base-url; expected an http or https URL" ;;
  esac
  limit=${INSTALL_AWS_OIDC_TIMEOUT:-60}
  case $limit in
    *[!0-9]* | 0*) fail "invalid value \`$limit\` of INSTALL_AWS_OIDC_TIMEOUT; expected a number of seconds" ;;
    *) ;;
  esac
  # The variable that the binary reads comes first. The shell has not expanded its tilde.
  bundle=${AWS_CA_BUNDLE:-${SSL_CERT_FILE:-${CURL_CA_BUNDLE:-}}}
  # shellcheck disable=SC2088
  case $bundle in '~/'*) bundle=${HOME:-}${bundle#'~'} ;; *) ;; esac
  if [ ! -f "$bundle" ] || [ ! -r "$bundle" ]; then bundle=; fi
  authority=
}

# Prints the SHA-256 of the file $1 as the first word, calculated by `hasher`.
hash_file() {
  case $hasher in
    sha256sum) sha256sum <"$1" ;;
    shasum) shasum -a 256 <"$1" ;;
    openssl) openssl dgst -sha256 -r <"$1" ;;
    # Isolated: a module of the project must not replace Python's own.
    python3) python3 -I -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' <"$1" ;;
    perl) perl -MDigest::SHA -e 'binmode STDIN; print Digest::SHA->new(256)->addfile(*STDIN)->hexdigest' <"$1" ;;
    # Three lines, the digest in the second; older versions put spaces between its bytes.
    *) certutil.exe -hashfile "$1" SHA256 | sed -n '2s/[[:space:]]//gp' ;;
  esac
}

# Sets `hasher` to a program that can calculate a SHA-256.
find_hasher() {
  # A program of that name may be a stub or lack a module, so each has to calculate the digest of an empty file.
  for hasher in sha256sum shasum openssl python3 perl; do
    if ! has "$hasher"; then continue; fi
    sum=$(hash_file /dev/null 2>/dev/null) || continue
    if [ "${sum%% *}" = e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ]; then return; fi
  done
  # Windows' certutil refuses an empty file. The program without `.exe` is another one.
  hasher=certutil.exe
  if has "$hasher"; then return; fi
  fail 'no program in the image can calculate a SHA-256' 'add sha256sum, shasum, openssl, python3 or perl to the image'
}

# Sets `unpacker` to a program that can unpack gzip; to nothing if the image has none.
find_unpacker() {
  for unpacker in gzip 'busybox gzip'; do
    if ! has "${unpacker%% *}"; then continue; fi
    # As with the digests, each has to unpack a file: the word ok.
    word=$(printf '\037\213\010\000\000\000\000\000\002\003\313\317\006\000\107\335\334\171\002\000\000\000' |
      { GZIP='' $unpacker -dc | head -c 9; } 2>/dev/null) || continue
    if [ "$word" = ok ]; then return; fi
  done
  unpacker=
}

# Whether the file $1 is the pinned binary.
is_pinned() {
  sum=$(hash_file "$1") || return 1
  [ "${sum%% *}" = "$wanted" ]
}

# Runs a program for at most `limit` seconds. Sets `status`, which is 143 after the limit, and writes its output to a
# file. The limit is here because the programs' own time limits differ, and some have none.
limited() {
  # Programs that have no option for it read the variable: OpenSSL in Python and Perl, busybox's helper, .NET on Linux.
  (
    if [ -n "$authority" ]; then export SSL_CERT_FILE="$authority"; fi
    exec "$@"
  ) >"$stage/log" 2>&1 </dev/null &
  child=$!
  # Short sleeps, because a long one would continue after the download; without the step's streams for the same reason.
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

# Each of these functions makes one attempt to download `url`, with `packed` at its end, to $stage/download. With
# `authority`, the CA certificates in that file are the trusted ones.

fetch_with_curl() {
  limited curl --fail --silent --show-error --location ${authority:+--cacert "$authority"} --output "$stage/download" "$url$packed"
}

# fetch_with_wget WGET...
fetch_with_wget() {
  # Busybox's wget makes one attempt and has few options, GNU's makes twenty.
  case $("$@" --help 2>&1) in
    *BusyBox*) set -- "$@" -q ;;
    *) set -- "$@" -nv -t 1 ${authority:+--ca-certificate="$authority"} ;;
  esac
  limited "$@" -O "$stage/download" "$url$packed"
}

fetch_with_python() {
  limited python3 -I -c '
import sys, urllib.request
response = urllib.request.urlopen(sys.argv[1]).read()
open(sys.argv[2], "wb").write(response)
' "$url$packed" "$stage/download"
}

# The smallest perl has sockets but no HTTP::Tiny, which is enough for a mirror with plain http.
fetch_with_perl() {
  limited perl -e '
use strict;
my ($url, $file) = @ARGV;

sub with_module {
  my $response = HTTP::Tiny->new->get($url);
  die $response->{content} if $response->{status} == 599;
  die "HTTP error $response->{status} $response->{reason}\n" unless $response->{success};
  return $response->{content};
}

sub by_hand {
  my ($host, $port, $path) = $url =~ m{^http://([^/:]+)(?::(\d+))?(/.*)}
    or die "https needs the modules HTTP::Tiny and IO::Socket::SSL\n";
  require IO::Socket::INET;
  my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port || 80) or die "$@\n";
  print {$socket} "GET $path HTTP/1.0\r\nHost: $host\r\n\r\n";
  my ($head, $body) = split /\r\n\r\n/, do { local $/; <$socket> }, 2;
  die "HTTP error $1\n" if $head =~ m{^HTTP/\S+ (?!200)([^\r]*)};
  die "the response was cut short\n" if !defined $body || $head =~ /^Content-Length: *(\d+)/mi && $1 != length $body;
  return $body;
}

my $body = eval { require HTTP::Tiny } ? with_module() : by_hand();
open my $out, ">:raw", $file or die "$file: $!\n";
print {$out} $body and close $out or die "$file: $!\n";
' "$url$packed" "$stage/download"
}

# fetch_with_powershell POWERSHELL
fetch_with_powershell() {
  export INSTALL_AWS_OIDC_URL="$url$packed"
  # Runs inside the directory, because PowerShell has other paths than the shell.
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

# Makes one attempt with the program $1. Sets `status`, and `reason` to its error message.
fetch() {
  case $1 in
    curl) fetch_with_curl ;;
    wget) fetch_with_wget wget ;;
    busybox) fetch_with_wget busybox wget ;;
    python3) fetch_with_python ;;
    perl) fetch_with_perl ;;
    *) fetch_with_powershell "$1" ;;
  esac
  if [ "$status" -eq 143 ]; then
    reason="not finished after $limit seconds"
  else
    # After its error curl prints advice, and so does wget where it does not trust a certificate. The others print the
    # error in the last line.
    reason=$(tr -d '\r' <"$stage/log" | sed -n -e '/[^[:space:]]/h' -e '/^curl: ([0-9]/{p;q;}' -e '/^ERROR: .*certificate/{p;q;}' -e '${x;p;}')
    reason=${reason#"$1: "}
    reason=$(ascii "${reason:-ended with exit code $status}")
  fi
}

# Whether the server refuses the request, so that another program or a later attempt cannot succeed.
is_refusal() {
  case $reason in
    *' 408'* | *' 429'*) return 1 ;;
    *[Ee]rror*' 4'[0-9][0-9] | *[Ee]rror*' 4'[0-9][0-9][!0-9]*) ;;
    *ERROR*' 4'[0-9][0-9][!0-9]*) ;;
    *) return 1 ;;
  esac
}

# Whether the server's certificate is not trusted, so that a later attempt with the same CAs cannot succeed. $1 is the
# program.
is_distrust() {
  case $1:$status in
    # The certificate is not trusted, or there is no file of CAs. GNU's wget has 5 for both.
    curl:51 | curl:60 | curl:77 | wget:5) return ;;
    # The handshake failed, also where a connection broke.
    curl:35) case $reason in *eset* | *SYSCALL* | *EOF* | *imed\ out*) return 1 ;; *) return ;; esac ;;
    *) ;;
  esac
  case $reason in
    *ertificate* | *CERTIFICATE* | *'trust relationship'* | *'SSL connection could not be established'*) ;;
    *) return 1 ;;
  esac
}

# Whether the program has no TLS.
is_without_tls() {
  case $reason in
    *'https needs the modules'* | *'for https support'* | *'HTTPS support not compiled in'* | *'not an http or ftp url'*) ;;
    *) return 1 ;;
  esac
}

# Makes an attempt with the program $1, and a second one with the CAs of `bundle` if the certificate is not trusted.
attempt() {
  authority=
  fetch "$1"
  # Not at first: a bundle with a company's own CA alone would not let a direct connection through. Whichever CAs are
  # trusted, only the pinned file is taken.
  if [ "$status" -ne 0 ] && [ -n "$bundle" ] && is_distrust "$1"; then
    authority=$bundle
    fetch "$1"
  fi
}

# Prints the programs in the image that can download, best first.
downloaders() {
  for tool in curl wget busybox python3 perl pwsh powershell.exe; do
    # A separate wget is the same program or a better one.
    if [ "$tool" = busybox ] && has wget; then continue; fi
    if has "$tool"; then printf '%s\n' "$tool"; fi
  done
}

# Downloads `url` to $stage/download, or its compressed file, if `packed` is not empty and still is not afterwards. After
# a program that fails the next one is used: the first may lack TLS or certificates.
download() {
  tools=$(downloaders)
  if [ -z "$tools" ]; then
    fail 'no program in the image can download' 'add curl, wget, python3 or perl to the image'
  fi
  distrust_hint='if a proxy or a mirror has a certificate of its own CA, set AWS_CA_BUNDLE, SSL_CERT_FILE or CURL_CA_BUNDLE to a PEM file with the certificate of that CA; if the image has no CA certificates, add them (ca-certificates)'
  if [ -n "$bundle" ]; then
    distrust_hint="add the certificate of the CA to \`$bundle\`, which was tried too: a proxy or a mirror has a certificate that is not of its CAs"
  fi
  for pause in 1 3 0; do
    causes=
    is_hopeless=yes
    hint='check the network of the job, set the parameter download-base-url to a mirror that the job reaches, or add curl to the image'
    for tool in $tools; do
      attempt "$tool"
      # A mirror may have the binaries alone.
      if [ "$status" -ne 0 ] && [ -n "$packed" ] && is_refusal; then
        packed=
        attempt "$tool"
      fi
      if [ "$status" -eq 0 ]; then return; fi
      causes="$causes${causes:+
}  caused by: $tool: $reason"
      if is_refusal; then
        fail "cannot download \`$url\`" 'check the parameters version and download-base-url' "$causes"
      fi
      if is_distrust "$tool"; then
        hint=$distrust_hint
      elif ! is_without_tls; then
        is_hopeless=
      fi
      if [ "$status" -eq 143 ]; then
        hint='set INSTALL_AWS_OIDC_TIMEOUT to more seconds, or the parameter download-base-url to a faster mirror'
        break
      fi
    done
    if [ -n "$is_hopeless" ]; then break; fi
    # Whatever prevents the compressed file alone, such as a proxy that opens archives, costs one of the attempts.
    packed=
    sleep "$pause"
  done
  fail "cannot download \`$url\`" "$hint" "$causes"
}

# Unpacks the compressed file in $stage/download. Whoever has sent it, it gets no more space than 64 MiB, which is many
# times the binary, and no more time than a download. Fails if the result is not the pinned binary.
unpack() {
  limited sh -c 'GZIP= $0 -dc <"$1/download" | head -c 67108864 >"$1/unpacked"' "$unpacker" "$stage"
  if [ "$status" -eq 0 ] && is_pinned "$stage/unpacked"; then
    mv -f "$stage/unpacked" "$stage/download"
  else
    rm -f "$stage/unpacked"
    return 1
  fi
}

# Writes the pinned binary to `stage`: a copy of the one on the PATH if that has the pinned digest, else a download.
stage_binary() {
  origin=$(command -v "$name") || origin=
  if [ -f "$origin" ] && is_pinned "$origin"; then
    cp "$origin" "$stage/download"
  else
    origin=$url
    find_unpacker
    packed=${unpacker:+.gz}
    download
    if [ -n "$packed" ]; then
      if unpack; then return; fi
      say "note: \`$url$packed\` does not unpack to the pinned file; \`$url\` is downloaded instead" >&2
      packed=
      download
    fi
  fi
  # Checked here and not before, so that the checked file is the one that is moved into the install directory.
  is_pinned "$stage/download" ||
    fail "the SHA-256 of \`$origin\` is not the pinned one ($wanted, found ${sum%% *}); the file is removed" \
      'compare both with the SHA256SUMS of the release: the file is cut short, or it is another file'
}

# Runs when the script exits, also after a signal. An unfit file must not stay where the next steps look for the binary.
clean_up() {
  if [ -n "$child" ]; then kill "$child" || true; fi
  if [ -n "$stage" ]; then rm -rf "$stage"; fi
  if [ -n "$unfit" ]; then rm -f "$unfit" 2>/dev/null || true; fi
}

# Whether the group of the directory or file $1 has the name of its owner, or of this user.
is_private_group() {
  # shellcheck disable=SC2046 # Mode, links, owner and group are words.
  set -- $(ls -ld "$1")
  [ "$4" = "$3" ] || [ "$4" = "$(id -un 2>/dev/null)" ]
}

# Sets `flaw` to what lets another user change the directory or file $1; empty if nothing does. Trusted are this user and
# root, and by root one other user, the first one on the path, as in a container with another user's HOME. Where all users
# can create entries, which `shared` says of the directory that was judged before, no other user is trusted.
judge() {
  flaw=
  was_shared=$shared
  shared=
  # Windows: only the user can write to the user's directories, and the modes say nothing.
  case $platform in windows-*) return ;; *) ;; esac
  # shellcheck disable=SC2046 # Mode, links, owner and group are words.
  set -- "$1" $(ls -ldn "$1")
  if [ "$4" -ne 0 ] && [ "$4" -ne "$user" ]; then
    if [ "$user" -ne 0 ] || [ -n "$was_shared" ] || [ "$4" -ne "${trusted:=$4}" ]; then
      flaw="belongs to user $4 (mode $2)"
      return
    fi
  fi
  case $2 in
    # With the sticky bit users replace only what is their own. A link has no mode of its own.
    d????????[tT]*) shared=yes ;;
    l*) ;;
    ????????w*) flaw="can be changed by all users (owner: user $4, mode $2)" ;;
    # A group is private if it has the name of its only user; an access list can give the bits to others.
    ?????w????+*) flaw="can be changed by other users (owner: user $4, mode $2)" ;;
    ?????w*) if ! is_private_group "$1"; then flaw="can be changed by group $5 (owner: user $4, mode $2)"; fi ;;
    *) ;;
  esac
}

# Fails if another user can change what the install directory's path leads to: each directory on it, links followed.
check_owners() {
  case $platform in windows-*) return ;; *) ;; esac
  user=$(id -u)
  trusted=
  real=$(cd "$dir" && pwd -P) || fail "cannot enter \`$dir\`" 'set the parameter install-dir to a directory of this user'
  # From the root on, so that the first other user is the one whom root trusts.
  for path in "$real" "$dir"; do
    at=
    shared=
    rest=${path#/}/
    while :; do
      judge "${at:-/}"
      if [ -n "$flaw" ]; then
        fail "\`${at:-/}\` $flaw, who can replace what the next steps run from \`$dir\`" \
          'set the parameter install-dir to a directory that only this user can change'
      fi
      if [ -z "$rest" ]; then break; fi
      at=$at/${rest%%/*}
      rest=${rest#*/}
    done
  done
}

# Fails if the install directory has anything but the binary: a cache or an image may have brought an `aws` along, which
# the next steps would run with the credentials. The directory of another run that downloads now is left alone.
check_company() {
  if [ ! -r "$dir" ]; then
    fail "the install directory \`$dir\` cannot be listed, so it may hold more than $file" \
      'remove that directory, or set the parameter install-dir to another one; if a cache restored it, find out who saved it there and use another key'
  fi
  set +f
  for entry in "$dir"/* "$dir"/.[!.]* "$dir"/..?*; do
    case $entry in
      "$dir/$file") continue ;;
      "$dir"/.install.??????) if [ -d "$entry" ] && [ ! -L "$entry" ]; then continue; fi ;;
      *) ;;
    esac
    # A pattern that matches nothing stands for itself.
    if [ -e "$entry" ] || [ -L "$entry" ]; then
      fail "the install directory \`$dir\` holds \`${entry#"$dir"/}\` too; it comes first in the PATH of the next steps, so it may hold $file alone" \
        'remove that file, or set the parameter install-dir to a directory of its own; if a cache restored it, find out who saved it there and use another key'
    fi
  done
  set -f
}

install_binary() {
  target=$dir/$file
  mkdir -p "$dir" || fail "cannot create \`$dir\`" 'set the parameter install-dir to a directory that this user can write to'
  if [ -d "$target" ] && [ ! -L "$target" ]; then fail "\`$target\` is a directory"; fi
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  check_owners
  unfit=$target
  check_company
  # What a link names can change after it was checked, and so can what another user may write to.
  flaw=
  shared=
  if [ -e "$target" ]; then judge "$target"; fi
  if [ -f "$target" ] && [ ! -L "$target" ] && [ -z "$flaw" ] && is_pinned "$target"; then
    if [ ! -x "$target" ]; then chmod 0755 "$target" || fail "cannot make \`$target\` executable"; fi
    unfit=
    say "$name $version is already in $dir"
    return
  fi
  stage=$(mktemp -d "$dir/.install.XXXXXX") ||
    fail "cannot write to \`$dir\`" 'set the parameter install-dir to a directory that this user can write to'
  stage_binary
  chmod 0755 "$stage/download"
  # mv would follow a link to a directory.
  if [ -L "$target" ]; then rm -f "$target"; fi
  # Not removed before: another job of this machine may run the version that is there.
  mv -f "$stage/download" "$target" || fail "cannot replace \`$target\`"
  unfit=
  say "installed $name $version in $dir"
}

# Sets BASH_ENV, in this step, to the path that bash reads: bash expands the value, and a redirection does not.
expand_bash_env() {
  rest=
  # The patterns are literal: the value comes from the config and no shell has expanded it.
  # shellcheck disable=SC2088
  case ${BASH_ENV:-} in
    '~' | '~/'*) rest=${BASH_ENV#'~'} ;;
    '$HOME' | '$HOME/'*) rest=${BASH_ENV#'$HOME'} ;;
    '${HOME}'*) rest=${BASH_ENV#'${HOME}'} ;;
    *'$'* | *'`'* | '~'*)
      fail "invalid value \`$BASH_ENV\` of BASH_ENV; expected a path in which only a leading ~/, \$HOME or \${HOME} is expanded" \
        'set BASH_ENV to the absolute path of the file'
      ;;
    *) return ;;
  esac
  if [ -z "${HOME:-}" ]; then fail 'HOME is not set' 'set BASH_ENV to the absolute path of the file'; fi
  BASH_ENV=$HOME$rest
}

# Bash reads BASH_ENV before each of the next steps; in other shells a step has to name the directory. Every bash below a
# step reads the file again, and must not change a PATH that the step has set. So the line counts once a step:
# BASH_ENV_AWS_OIDC_PATH holds the directories that have been put on the PATH.
put_on_path() {
  if [ -z "${BASH_ENV:-}" ]; then return; fi
  quoted=$(printf '%s' "$dir" | sed "s/'/'\\\\''/g")
  seen=BASH_ENV_AWS_OIDC_PATH
  line="case \":\${$seen-}:\" in *:'$quoted':*) ;; *) export PATH='$quoted':\"\$PATH\" $seen=\"\${$seen-}\":'$quoted' ;; esac"
  # A FIFO would be waited for, and a device keeps nothing.
  if [ -e "$BASH_ENV" ] && [ ! -f "$BASH_ENV" ]; then
    say "note: the file of BASH_ENV, \`$BASH_ENV\`, is not a regular file, so \`$dir\` is not on the PATH of the next steps" >&2
    return
  fi
  if [ -f "$BASH_ENV" ] && grep -qxF -e "$line" "$BASH_ENV"; then return; fi
  # The last line may have no end, and may end in a backslash.
  gap=
  if [ -s "$BASH_ENV" ]; then
    case $(sed -n '$p' "$BASH_ENV") in
      *\\) gap='\n\n' ;;
      *) gap='\n' ;;
    esac
  fi
  printf "$gap%s\n" "$line" >>"$BASH_ENV" || fail "cannot write to the file of BASH_ENV, \`$BASH_ENV\`"
}

find_platform
find_hasher
find_pin
find_directory
find_download
expand_bash_env
install_binary
put_on_path
