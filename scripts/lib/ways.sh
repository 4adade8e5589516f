# shellcheck shell=bash
# The ways in which a job starts an AWS tool after `assume`, and what the tool finds in each of the four modes. This is the
# only copy: scripts/end-to-end/steps.sh runs each way in each mode, and docs/steps.md has the table that it prints.
# Sourced by bash.
#
# group TITLE: the ways that follow belong together.
# way NAME ENVIRONMENT PROFILE CREDENTIAL-PROCESS ENDPOINT [OPTION=VALUE...] <<'STEP': a way, and the step that takes it.
#   What the tool finds is one of
#     arrives              the credentials of the role, and its Region
#     arrives, own Region  these credentials, and the Region us-west-2, which the step has set itself
#     own                  the credentials that the step has set itself
#     lost                 no credentials
#   shell=COMMAND    runs the step, with the step as its last argument; without it CircleCI's default
#   env=NAME=VALUE   what the step has in its `environment:` (repeatable)
#   needs=PROGRAMS   without one of them the way is skipped; `root` is the user, `nobody` a user who can run the tool,
#                    `unshare` the right to make namespaces, which are what a container consists of
# bash_env NAME <<'LINES': what earlier steps have left in the file of BASH_ENV, for `assume --verify`.
#
# In a step, $TOOL is the AWS tool, $HERE an empty directory, and `./bash-script` runs the tool from a script of bash.
# OWN_KEY and OWN_SECRET are a user's own keys, which the profile `production` has, too.

shell_group() {
  group 'The shell that runs the step'
  way 'bash' arrives arrives arrives arrives <<<'"$TOOL"'
  way '`sh`, where it is dash' lost arrives arrives lost shell='dash -ec' <<<'"$TOOL"'
  way '`sh`, where it is a link to bash' lost arrives arrives lost shell='LINKS/sh -ec' <<<'"$TOOL"'
  way 'ash of busybox (Alpine)' lost arrives arrives lost shell='busybox ash -ec' <<<'"$TOOL"'
  way 'zsh' lost arrives arrives lost shell='zsh -ec' needs=zsh <<<'"$TOOL"'
  way 'fish' lost arrives arrives lost shell='fish -c' needs=fish <<<'$TOOL'
  way '`bash --posix`' lost arrives arrives lost shell='bash --posix -ec' <<<'"$TOOL"'
  way 'bash with POSIXLY_CORRECT set' lost arrives arrives lost env=POSIXLY_CORRECT=1 <<<'"$TOOL"'
  way '`bash -p`' lost arrives arrives lost shell='bash -pec' <<<'"$TOOL"'
  way '`bash -i`' lost arrives arrives lost shell='bash -ic' <<<'"$TOOL"'
  way '`sh` that reads the file itself: `. "$BASH_ENV"`' arrives arrives arrives arrives shell='dash -ec' <<<'. "$BASH_ENV"; "$TOOL"'
  way '`sh` that starts a script with `#!/bin/bash`' arrives arrives arrives arrives shell='dash -ec' <<<'./bash-script'
}

below_group() {
  group 'What a bash step starts'
  way 'a script with `#!/bin/bash`' arrives arrives arrives arrives <<<'./bash-script'
  way '`sh -c`' arrives arrives arrives arrives <<<'sh -c "$TOOL"'
  way 'a script of dash' arrives arrives arrives arrives <<<'printf "#!/usr/bin/env dash\nexec \"\$TOOL\"\n" >"$HERE/script"; chmod +x "$HERE/script"; "$HERE/script"'
  way 'ash of busybox, zsh, `bash --posix`' arrives arrives arrives arrives needs=zsh <<<'busybox ash -c "$TOOL" && zsh -c "$TOOL" && bash --posix -c "$TOOL"'
  way '`xargs bash -c`' arrives arrives arrives arrives <<<'echo 1 | xargs -n 1 bash -c "\"\$TOOL\"; exit \$?"'
  way 'make' arrives arrives arrives arrives needs=make <<<'printf "all:\n\t@\$(TOOL)\n" >"$HERE/Makefile"; make -s -C "$HERE"'
  way 'make with `SHELL := /bin/bash`' arrives arrives arrives arrives needs=make <<<'printf "SHELL := /bin/bash\nall:\n\t@. /dev/null; \$(TOOL)\n" >"$HERE/Makefile"; make -s -C "$HERE"'
  way 'a script of npm' arrives arrives arrives arrives needs=npm <<<'cd "$HERE"; echo "{\"scripts\": {\"tool\": \"\$TOOL\"}}" >package.json; npm run --silent tool'
  way '`npm --script-shell=bash`' arrives arrives arrives arrives needs=npm <<<'cd "$HERE"; echo "{\"scripts\": {\"tool\": \"\$TOOL\"}}" >package.json; npm run --silent --script-shell=bash tool'
  way "a subprocess of Python" arrives arrives arrives arrives <<<'python3 -c "import os, subprocess; subprocess.run([os.environ[\"TOOL\"]], check=True)"'
  way 'direnv' arrives arrives arrives arrives needs=direnv <<<'touch "$HERE/.envrc"; direnv allow "$HERE"; direnv exec "$HERE" ./bash-script'
  way '`tmux new-session`, with its server' arrives arrives arrives arrives needs=tmux <<<'tmux -S "$HERE/tmux" new-session -d "$TOOL >$HERE/found; tmux -S $HERE/tmux wait-for -S done" && tmux -S "$HERE/tmux" wait-for done; cat "$HERE/found"'
}

own_group() {
  group 'What the step sets itself'
  way 'own keys before a script with `#!/bin/bash`' own own own own <<<'AWS_ACCESS_KEY_ID="$OWN_KEY" AWS_SECRET_ACCESS_KEY="$OWN_SECRET" AWS_SESSION_TOKEN= ./bash-script'
  way 'own keys, exported, then `bash -c`' own own own own <<'STEP'
unset AWS_SESSION_TOKEN
export AWS_ACCESS_KEY_ID="$OWN_KEY" AWS_SECRET_ACCESS_KEY="$OWN_SECRET"
bash -c '"$TOOL"; exit $?'
STEP
  way 'own keys of a Makefile with `SHELL := /bin/bash`' own own own own needs=make <<'STEP'
printf 'SHELL := /bin/bash\nexport AWS_ACCESS_KEY_ID := $(OWN_KEY)\nexport AWS_SECRET_ACCESS_KEY := $(OWN_SECRET)\nunexport AWS_SESSION_TOKEN\nall:\n\t@. /dev/null; $(TOOL)\n' >"$HERE/Makefile"
make -s -C "$HERE"
STEP
  way 'own keys, then `xargs bash -c`' own own own own <<'STEP'
echo 1 | AWS_ACCESS_KEY_ID="$OWN_KEY" AWS_SECRET_ACCESS_KEY="$OWN_SECRET" AWS_SESSION_TOKEN= xargs -n 1 bash -c '"$TOOL"; exit $?'
STEP
  way 'own keys, then `npm --script-shell=bash`' own own own own needs=npm <<'STEP'
cd "$HERE"
echo '{"scripts": {"tool": "$TOOL"}}' >package.json
AWS_ACCESS_KEY_ID="$OWN_KEY" AWS_SECRET_ACCESS_KEY="$OWN_SECRET" AWS_SESSION_TOKEN= npm run --silent --script-shell=bash tool
STEP
  way 'own keys from a wrapper in Python' own own own own <<'STEP'
python3 -c '
import os, subprocess
keys = {"AWS_ACCESS_KEY_ID": os.environ["OWN_KEY"], "AWS_SECRET_ACCESS_KEY": os.environ["OWN_SECRET"]}
rest = {name: value for name, value in os.environ.items() if name != "AWS_SESSION_TOKEN"}
subprocess.run(["./bash-script"], env={**rest, **keys}, check=True)'
STEP
  way 'own keys from direnv' own own own own needs=direnv <<'STEP'
echo 'unset AWS_SESSION_TOKEN; export AWS_ACCESS_KEY_ID="$OWN_KEY" AWS_SECRET_ACCESS_KEY="$OWN_SECRET"' >"$HERE/.envrc"
direnv allow "$HERE"
direnv exec "$HERE" ./bash-script
STEP
  way 'another role by `eval "$(… assume … --to shell)"`' own own own own <<'STEP'
eval "$(circleci-aws-oidc assume --quiet --role-arn "$PRODUCTION" --to shell)"
circleci-aws-oidc whoami --quiet | grep -q ':assumed-role/production/'
"$TOOL" >"$OWN"
./bash-script
STEP
  way 'another profile: keys unset, AWS_PROFILE set' own own own own <<'STEP'
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
export AWS_PROFILE=production
./bash-script
STEP
  way 'AWS_REGION before a command' 'arrives, own Region' 'arrives, own Region' 'arrives, own Region' 'arrives, own Region' <<<'AWS_DEFAULT_REGION=us-west-2 AWS_REGION=us-west-2 ./bash-script'
  way "AWS_REGION in the step's \`environment:\`" arrives 'arrives, own Region' 'arrives, own Region' arrives env=AWS_REGION=us-west-2 env=AWS_DEFAULT_REGION=us-west-2 <<<'"$TOOL"'
  way 'own keys in a `sh` step, then a script of bash' arrives own own arrives shell='dash -ec' <<'STEP'
export AWS_ACCESS_KEY_ID="$OWN_KEY" AWS_SECRET_ACCESS_KEY="$OWN_SECRET"
./bash-script
STEP
  way "own keys in the step's \`environment:\`" arrives own own arrives env=AWS_ACCESS_KEY_ID=OWN_KEY env=AWS_SECRET_ACCESS_KEY=OWN_SECRET <<<'"$TOOL"'
  way "AWS_PROFILE in the step's \`environment:\`" arrives own own arrives env=AWS_PROFILE=production <<<'"$TOOL"'
}

clean_group() {
  group 'A clean environment, another user, another HOME'
  way '`env -i`' lost lost lost lost <<<'env -i "$TOOL"'
  way '`env -i HOME="$HOME"`' lost arrives arrives lost <<<'env -i HOME="$HOME" "$TOOL"'
  way '`env -i BASH_ENV="$BASH_ENV" bash …`' arrives lost lost arrives <<<'env -i BASH_ENV="$BASH_ENV" "$BASH" -c "$TOOL; exit \$?"'
  way 'another HOME' arrives lost lost arrives <<<'HOME="$HERE" "$TOOL"'
  way 'cron (its environment)' lost arrives arrives lost <<<'env -i HOME="$HOME" LOGNAME=circleci SHELL=/bin/sh PATH=/usr/bin:/bin sh -c "$TOOL"'
  way 'tox' lost arrives arrives lost needs=tox <<'STEP'
printf '%s\n' '[tox]' 'no_package = true' 'env_list = tool' '[testenv]' 'allowlist_externals = *' "commands = $TOOL" >"$HERE/tox.ini"
tox -qq -c "$HERE/tox.ini" run
STEP
  way 'tox with `pass_env = AWS_*`' arrives arrives arrives arrives needs=tox <<'STEP'
printf '%s\n' '[tox]' 'no_package = true' 'env_list = tool' '[testenv]' 'pass_env = AWS_*' 'allowlist_externals = *' "commands = $TOOL" >"$HERE/tox.ini"
tox -qq -c "$HERE/tox.ini" run
STEP
  way '`sudo`' lost lost lost lost needs='sudo root' <<<'sudo -n "$TOOL"'
  way '`sudo bash -c`' lost lost lost lost needs='sudo root' <<<'sudo -n bash -c "$TOOL"'
  way '`sudo -E`' arrives arrives arrives arrives needs='sudo root' <<<'sudo -n -E "$TOOL"'
  way '`sudo --preserve-env=AWS_ACCESS_KEY_ID,…`' arrives lost lost arrives needs='sudo root' <<'STEP'
sudo -n --preserve-env=AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN,AWS_REGION,AWS_DEFAULT_REGION,AWS_CONTAINER_CREDENTIALS_FULL_URI,AWS_CONTAINER_AUTHORIZATION_TOKEN "$TOOL"
STEP
  way '`sudo -u` another user' lost lost lost lost needs='sudo root nobody' <<<'sudo -n -u nobody "$TOOL"'
  way '`su` to another user' arrives lost lost arrives needs='root nobody' <<<'su -s /bin/bash nobody -c "$TOOL"'
  way '`su -` to another user' lost lost lost lost needs='root nobody' <<<'su -s /bin/bash - nobody -c "$TOOL"'
  way 'a container (its environment, its network)' lost lost lost lost needs='root unshare' <<<'env -i HOME="$HERE" PATH=/usr/bin:/bin unshare --net "$TOOL"'
  way 'a container with the variables (`docker run -e`)' arrives lost lost lost needs='root unshare' <<<'HOME="$HERE" unshare --net "$TOOL"'
  way 'a container with `~/.aws` mounted' lost arrives lost lost needs='root unshare' <<'STEP'
program=$(realpath "$(command -v circleci-aws-oidc)")
env -i HOME="$HOME" PATH=/usr/bin:/bin unshare --net --mount sh -ec "mount --bind /dev/null '$program'; exec '$TOOL'"
STEP
}

server_group() {
  group 'A process that an earlier step started, before `assume`'
  way 'it runs the tool' lost arrives arrives lost <<<'echo go >"$SERVERS/tool.ask"; cat "$SERVERS/tool.answer"'
  way 'it starts a bash, which runs the tool' arrives arrives arrives arrives <<<'echo go >"$SERVERS/bash.ask"; cat "$SERVERS/bash.answer"'
  way 'a tmux server with `sh` as its shell' lost arrives arrives lost needs=tmux <<<'tmux -S "$SERVERS/tmux" new-window "$TOOL >$HERE/found; tmux -S $SERVERS/tmux wait-for -S done" && tmux -S "$SERVERS/tmux" wait-for done; cat "$HERE/found"'
}

# files_of_bash_env: calls `bash_env`, which the caller defines, for files that may end before the block of `assume`, or undo it.
files_of_bash_env() {
  bash_env 'nothing' </dev/null
  bash_env 'an assignment' <<<'export EARLIER=1'
  bash_env 'the guard of a .bashrc' <<'LINES'
case $- in *i*) ;; *) return ;; esac
LINES
  bash_env 'an open heredoc' <<<'cat >/dev/null <<OPEN'
  bash_env 'an open quote' <<<"NAME='open"
  bash_env '`exit 0`' <<<'exit 0'
  bash_env 'a readonly Region' <<<'readonly AWS_REGION=us-east-1'
  bash_env 'a readonly key' <<<'readonly AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE'
  bash_env 'a trap that unsets a key' <<<"trap 'unset AWS_SESSION_TOKEN' DEBUG"
}

# all_ways: calls `group` and `way`, which the caller defines, for all of them.
all_ways() {
  shell_group
  below_group
  own_group
  clean_group
  server_group
}
