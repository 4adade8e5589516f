# shellcheck shell=bash
# What the scripts need and how it is installed. Sourced by bash, from any directory.
# Each function says what it installs, and does nothing where that is installed already.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# cargo_target_dir: where cargo puts what it builds from this tree. Cargo itself is asked, because CARGO_TARGET_DIR,
# CARGO_BUILD_TARGET_DIR and `build.target-dir` in any of its configuration files can name another directory. A
# relative path counts from the root, where the scripts run cargo.
cargo_target_dir() {
  (cd "$root" && cargo metadata --format-version 1 --no-deps --offline) | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

target_dir=$(cargo_target_dir)
: "${target_dir:?cargo does not say where it builds}"
tools="$target_dir/tools"

say() { printf '%s\n' "$*" >&2; }

# alone NAME COMMAND...: runs it while no other process of this tree runs one of that name, as scripts run side by side.
alone() {
  mkdir -p "$tools"
  (
    command -v flock >/dev/null 2>&1 && flock 9
    "${@:2}" 9>&-
  ) 9>"$tools/$1.lock"
}

# apt_has COMMAND=PACKAGE...: installs the packages of Debian or Ubuntu whose commands are missing.
apt_has() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

# apt_install PACKAGE...: for packages without a command to search for.
apt_install() { alone apt apt_install_now "$@"; }

apt_install_now() {
  if ! command -v apt-get >/dev/null 2>&1; then
    say "error: missing, and apt-get is not there to install it: $*"
    return 1
  fi
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  say "installing with apt-get: $*"
  # In a session of its own: whoever ends this run does not end an installation in the middle, which no later one mends.
  local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive setsid --wait
    apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300)
  "${install[@]}" "$@" >/dev/null 2>&1 ||
    { "${as_root[@]}" apt-get update >/dev/null 2>&1 && "${install[@]}" "$@" >/dev/null; }
}

# python_has NAME: a virtual environment with what scripts/lib/requirements-NAME.txt pins.
# Prints its directory. Each has its own, because some of them pin the same packages to other versions.
python_has() { alone "python-$1" python_has_now "$1"; }

python_has_now() {
  local requirements="$root/scripts/lib/requirements-$1.txt" venv
  mkdir -p "$tools"
  # Its programs name its directory, so it is made again where the tree was moved or copied.
  venv="$(cd "$tools" && pwd -P)/python-$1"
  if ! { cmp -s "$requirements" "$venv/requirements.txt" && grep -qsF "$venv/bin/" "$venv/bin/pip"; }; then
    say "installing with pip: $(tr '\n' ' ' <"$requirements")"
    rm -rf "$venv"
    if ! python3 -m venv "$venv" >/dev/null 2>&1; then
      rm -rf "$venv"
      apt_install python3-venv
      python3 -m venv "$venv"
    fi
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2 || return
    cp "$requirements" "$venv/requirements.txt"
  fi
  printf '%s\n' "$venv"
}

# apt_unpacked PACKAGE PATH: one file of a Debian package, unpacked but not installed. Prints its path.
# For packages that would replace another one, or whose file a script needs at a known path.
apt_unpacked() { alone apt apt_unpacked_now "$@"; }

apt_unpacked_now() {
  local package=$1 file="$tools/$1/$2"
  if [ ! -e "$file" ]; then
    say "unpacking from apt-get: $package"
    rm -rf "${tools:?}/$package"
    mkdir -p "$tools/$package"
    (
      cd "$tools/$package" || exit
      apt-get download "$package" >/dev/null 2>&1 || { apt-get update >/dev/null 2>&1 && apt-get download "$package" >/dev/null; }
      dpkg-deb -x ./*.deb .
      rm -f ./*.deb
    )
  fi
  printf '%s\n' "$file"
}

# go_has NAME MODULE VERSION PACKAGE: a program built from Go's module registry. Prints its path.
# Built in the module's own directory, so that its go.mod and go.sum apply: `go install` refuses a module that replaces
# others. Takes minutes once. Fails, and says so, where Go is missing or cannot build it; the caller is then skipped. A
# build that failed is not retried for an hour, so that one run of all tests waits only once for a network that hangs.
go_has() { alone "go-$1" go_has_now "$@"; }

go_has_now() {
  local name=$1 module=$2 version=$3 package=$4 directory="$tools/$1-$3" source
  if [ ! -x "$directory/$name" ]; then
    if ! command -v go >/dev/null 2>&1; then
      say "skipped: $name (Go is not installed)"
      return 1
    fi
    if [ -n "$(find "$directory/failed" -mmin -60 2>/dev/null)" ]; then
      say "skipped: $name $version could not be built less than an hour ago (to retry: rm $directory/failed)"
      return 1
    fi
    say "building from Go's module registry, which takes minutes: $module $version"
    mkdir -p "$directory"
    if ! { timeout 300 go mod download -json "$module@$version" >"$directory/build.log" &&
      source=$(sed -n 's/^\t"Dir": "\(.*\)",$/\1/p' "$directory/build.log") &&
      CGO_ENABLED=0 timeout 900 go build -C "$source" -mod=readonly -trimpath -buildvcs=false -ldflags='-s -w' \
        -o "$directory/$name.part" "$package" >>"$directory/build.log" 2>&1; }; then
      touch "$directory/failed"
      say "skipped: $name $version could not be built, or not in time:"
      tail -n 5 "$directory/build.log" >&2
      return 1
    fi
    # So that an interrupted build leaves no program.
    mv "$directory/$name.part" "$directory/$name"
  fi
  printf '%s\n' "$directory/$name"
}

# act_has: act, which runs GitHub's workflows on this machine. Its later versions may accept what 0.2.82 refuses.
act_has() { go_has act github.com/nektos/act v0.2.82 .; }

# terraform_has: Terraform, of PyPI. Prints its path.
terraform_has() {
  local venv
  venv=$(python_has terraform)
  printf '#!/bin/sh\nexec "%s/bin/python" "%s/scripts/lib/terraform-cli.py" "$@"\n' "$venv" "$root" >"$venv/bin/terraform.new.$$"
  chmod +x "$venv/bin/terraform.new.$$"
  mv "$venv/bin/terraform.new.$$" "$venv/bin/terraform"
  printf '%s\n' "$venv/bin/terraform"
}

# tofu_has: OpenTofu, which takes two cores a quarter of an hour once. tofu_is_built: its path where that was done.
tofu_version=v1.12.6
tofu_has() { go_has tofu github.com/opentofu/opentofu "$tofu_version" ./cmd/tofu; }
tofu_is_built() {
  local tofu=$tools/tofu-$tofu_version/tofu
  [ -x "$tofu" ] || {
    printf 'skipped: OpenTofu (scripts/clients.sh --check BINARY opentofu builds it)\n' >&2
    return 1
  }
  printf '%s\n' "$tofu"
}

# npm_has PACKAGE VERSION COMMAND: a program of npm's registry, in a directory of its own. Prints its path. Fails, and
# says so, where npm is missing; the caller is then skipped.
npm_has() { alone "npm-${1##*/}" npm_has_now "$@"; }

npm_has_now() {
  local package=$1 version=$2 directory
  directory="$tools/npm-${1##*/}-$2"
  if [ ! -x "$directory/node_modules/.bin/$3" ]; then
    if ! command -v npm >/dev/null 2>&1; then
      say "skipped: $package (npm is not installed)"
      return 1
    fi
    say "installing with npm: $package@$version"
    mkdir -p "$directory"
    npm install --prefix "$directory" --no-audit --no-fund --silent "$package@$version" >&2
  fi
  printf '%s\n' "$directory/node_modules/.bin/$3"
}

# rustup_has target|component NAME: of the toolchain in use. Of two runs of rustup side by side, each writes its own list of
# what is installed over that of the other.
rustup_has() { alone rustup rustup_has_now "$@"; }

rustup_has_now() {
  rustup "$1" list --installed 2>/dev/null | grep -qx "$2" || rustup "$1" add "$2" >&2
}

# cargo_has NAME VERSION: a program of crates.io, built without optimization. Prints its path. Takes minutes once.
cargo_has() { alone "cargo-$1" cargo_has_now "$@"; }

cargo_has_now() {
  local directory="$tools/$1-$2"
  if [ ! -x "$directory/bin/$1" ]; then
    say "building from crates.io, which takes minutes: $1 $2"
    cargo install --quiet --locked --debug --root "$directory" "$1@$2" >&2
  fi
  printf '%s\n' "$directory/bin/$1"
}
