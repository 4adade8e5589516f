# shellcheck shell=bash
# Root file systems for jobs, each in $tools/roots/NAME, where it is kept. Each function prints the directory.
# Sourced by bash, after tools.sh. Making them requires root.

: "${tools:?tools.sh comes first}"

# can_make_devices DIRECTORY: some containers do not allow it, even as root.
can_make_devices() {
  mknod "$1/null" c 1 3 2>/dev/null && { : >"$1/null"; } 2>/dev/null && rm "$1/null"
}

# new_root DIRECTORY: the parts of a root that are in no package.
new_root() {
  rm -rf "$1"
  mkdir -p "$1/dev" "$1/tmp" "$1/usr/bin" "$1/usr/sbin" "$1/usr/lib" "$1/usr/lib64"
  mknod -m 666 "$1/dev/null" c 1 3
  local directory
  for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$1/$directory"; done
}

# busybox_root NAME: a static busybox under all its names.
busybox_root() {
  local directory="$tools/roots/$1" busybox applet
  busybox=$(apt_unpacked busybox-static bin/busybox)
  new_root "$directory"
  cp "$busybox" "$directory/bin/busybox"
  "$busybox" --list | while read -r applet; do
    [ -e "$directory/bin/$applet" ] || ln -s busybox "$directory/bin/$applet"
  done
  printf '%s\n' "$directory"
}

# package_root NAME PACKAGE...: these packages and everything that they depend on. Unpacked, not configured: no script
# of a package runs.
package_root() {
  local name=$1 directory="$tools/roots/$1" apt deb
  shift
  if [ "$(cat "$directory/packages" 2>/dev/null)" != "$*" ]; then
    say "unpacking from apt-get: $* and what they depend on"
    new_root "$directory"
    mkdir -p "$directory/debs/partial"
    apt=(apt-get -o Dir::State::status=/dev/null -o "Dir::Cache::archives=$directory/debs" -o APT::Sandbox::User=root
      -y --no-install-recommends --download-only install "$@")
    "${apt[@]}" >/dev/null 2>&1 || { apt-get update >/dev/null 2>&1 && "${apt[@]}" >/dev/null; }
    for deb in "$directory"/debs/*.deb; do dpkg-deb -x "$deb" "$directory"; done
    rm -r "$directory/debs"
    printf '%s\n' "$*" >"$directory/packages"
  fi
  printf '%s\n' "$directory"
}

# keep_programs ROOT NAME...: removes all other programs. A name with a version after it is kept too (python3.11).
keep_programs() {
  local directory=$1 name others=()
  shift
  for name in "$@"; do others+=(! -name "$name" ! -name "$name.*"); done
  find "$directory/usr/bin" "$directory/usr/sbin" ! -type d "${others[@]}" -delete
}
