#!/bin/sh
# Sets up what Tern needs: system packages, the virtual environment .venv, the `kiosk` command in it.
#
#     packaging/set-up.sh terminal   what a terminal alone needs
#     packaging/set-up.sh run        that, and what the central service needs
#     packaging/set-up.sh test       both, and what ./test needs
#     packaging/set-up.sh pcsc       to what is there (at least a terminal), what a chip card reader needs; kept from then on
#
# When all is there already it only compares a stamp and ends. docs/developers/set-up.md explains the stamp.
set -eu

root=$(dirname "$(dirname "$(readlink -f "$0")")")
packaging=$root/packaging
venv=$root/.venv
stamp=$venv/set-up.stamp

main() {
    case ${1-} in
        terminal | run | test | pcsc) purpose=$1 ;;
        *) fail "say what to set up for: packaging/set-up.sh run, or terminal (without the central service), test, pcsc (chip cards)" ;;
    esac
    # A linked environment belongs to someone else's folder: use it, never change it.
    [ ! -L "$venv" ] || return 0
    ! ready "$purpose" || return 0

    exec 9<"$packaging/set-up.sh"
    if ! flock -n 9; then
        say "waiting for another start that is at it"
        flock 9
        ! ready "$purpose" || return 0
    fi
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    trap 'exit 130' INT TERM HUP

    with_pcsc=$(wants_pcsc)
    install_system_packages
    held=$(what_is_held)
    holds_tests=no
    ! ready test || holds_tests=yes
    [ "$held" != nothing ] || make_environment
    rm -f "$stamp" # from here to the new stamp the environment counts as unfinished
    set -- -r "$packaging/requirements.txt"
    with_central=yes
    case $purpose-$held in terminal-* | pcsc-terminal | pcsc-nothing) with_central=no ;; esac
    [ $with_central = no ] || set -- "$@" -r "$packaging/requirements-central.txt"
    if [ "$held" != run ] && [ "$purpose-$held" != pcsc-terminal ]; then
        say "Python packages (once, about a minute)"
        pip_install --only-binary :all: --require-hashes "$@"
    fi
    if [ "$purpose" = test ]; then
        say "Python packages for the tests (once)"
        pip_install --only-binary :all: --require-hashes "$@" -r "$packaging/requirements-dev.txt"
    fi
    if [ "$with_pcsc" = yes ]; then
        say "the package for chip card readers, built here (once)"
        # It comes as source only. The build takes the environment's own setuptools: pip would fetch another, without a hash.
        pip_install --only-binary :all: --no-binary pyscard --no-build-isolation --require-hashes -r "$packaging/requirements-pcsc.txt"
    fi
    say "the kiosk command"
    pip_install --no-deps --no-build-isolation --no-index -e "$root"
    write_stamp
}

say() { echo "Setting up Tern: $* ..." >&2; }

fail() {
    echo "Setting up Tern: $*" >&2
    exit 1
}

# Runs a command whose words matter only if it fails.
quietly() {
    "$@" >"$log" 2>&1 || {
        status=$?
        cat "$log" >&2
        return "$status"
    }
}

# --- the stamp ---------------------------------------------------------------------------------------------------

# Line 1: fingerprints of what the environment holds for the terminal, the central service, the tests and chip cards (`-`: nothing).
# The other lines: what must be in it.
ready() {
    [ -f "$stamp" ] && [ -x "$venv/bin/python" ] || return 1
    read -r terminal_print central_print test_print pcsc_print <"$stamp" || return 1
    [ "$terminal_print" = "$(terminal_fingerprint)" ] || return 1
    case $1 in run | test) [ "$central_print" = "$(central_fingerprint)" ] || return 1 ;; esac
    [ "$1" != test ] || [ "$test_print" = "$(test_fingerprint)" ] || return 1
    case $1 in pcsc | test) [ "$pcsc_print" = "$(pcsc_fingerprint)" ] || return 1 ;; esac
    (cd "$venv" && sed 1d "$stamp" | xargs -d '\n' ls -dU -- >/dev/null 2>&1)
}

# What may be added to: `run`, a `terminal` that has nothing of a central service, or `nothing`.
what_is_held() {
    if ready run; then
        echo run
    elif ready terminal && [ "$central_print" = - ]; then
        echo terminal
    else
        echo nothing
    fi
}

# Whether chip cards are asked for, or were before.
wants_pcsc() {
    case $purpose in
        pcsc | test) echo yes ;;
        *) if [ -f "$stamp" ] && read -r _ _ _ print <"$stamp" && [ "${print:--}" != - ]; then echo yes; else echo no; fi ;;
    esac
}

terminal_fingerprint() {
    {
        echo "$root"                   # scripts in .venv/bin hold its path
        readlink -f "$venv/bin/python" # changes when the system brings another Python
        cat "$packaging/requirements.txt" "$packaging/system-packages.txt"
        sed '/^\[tool\.ruff\]/,$d' "$root/pyproject.toml" # what stands above the lint settings: the build, the commands
    } | sha256sum | cut -c1-64
}

central_fingerprint() { sha256sum <"$packaging/requirements-central.txt" | cut -c1-64; }

test_fingerprint() { cat "$packaging/requirements-dev.txt" "$packaging/system-packages-test.txt" | sha256sum | cut -c1-64; }

pcsc_fingerprint() { cat "$packaging/requirements-pcsc.txt" "$packaging/system-packages-pcsc.txt" | sha256sum | cut -c1-64; }

write_stamp() {
    if [ "$with_central" = no ]; then central_print=-; else central_print=$(central_fingerprint); fi
    if [ "$purpose" = test ] || [ "$holds_tests" = yes ]; then test_print=$(test_fingerprint); else test_print=-; fi
    if [ "$with_pcsc" = yes ]; then pcsc_print=$(pcsc_fingerprint); else pcsc_print=-; fi
    {
        echo "$(terminal_fingerprint) $central_print $test_print $pcsc_print"
        cd "$venv"
        find bin lib/python*/site-packages -maxdepth 2 ! -name '*.pyc' ! -name __pycache__
    } >"$stamp.new"
    sync "$stamp.new" # a power cut must not leave a stamp with half of its lines
    mv "$stamp.new" "$stamp"
}

# --- the three steps ---------------------------------------------------------------------------------------------

# shellcheck disable=SC2046,SC2086 # sudo with its option, and package names: a word each is meant
install_system_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "Not a Debian or Ubuntu: make sure that what packaging/system-packages.txt lists is installed." >&2
        return 0
    fi
    [ -n "$(missing_packages)" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        as_root=''
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    elif command -v sudo >/dev/null && [ -t 0 ]; then
        as_root='sudo'
    else
        echo "Tern needs some system packages. Install them as root with this command, then start again:" >&2
        echo "    apt-get update && apt-get install -y --no-install-recommends $(names_to_install)" >&2
        exit 1
    fi
    say "system packages (once)"
    quietly $as_root apt-get update || fail "apt-get update failed; its words are above"
    quietly $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(names_to_install) ||
        fail "apt-get install failed; its words are above"
}

wanted_packages() {
    cat "$packaging/system-packages.txt"
    [ "$with_pcsc" = no ] || cat "$packaging/system-packages-pcsc.txt"
    [ "$purpose" != test ] || cat "$packaging/system-packages-test.txt"
}

# One line for each list entry of which no alternative is installed; `debian:name` counts on Debian only.
missing_packages() {
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
    wanted_packages | sed 's/#.*//; s/ //g; /^$/d' | while read -r names; do
        case $names in
            debian:*)
                is_debian || continue
                names=${names#debian:}
                ;;
        esac
        echo "$installed" | grep -qxE "$(echo "$names" | sed 's/[.+]/\\&/g')" || echo "$names"
    done
}

is_debian() { grep -qx 'ID="\{0,1\}debian"\{0,1\}' /etc/os-release; }

# Of each missing entry the first name that this release knows.
names_to_install() {
    missing_packages | while read -r names; do
        for name in $(echo "$names" | tr '|' ' '); do
            ! apt-cache show "$name" >/dev/null 2>&1 || break
        done
        printf '%s ' "$name"
    done
}

make_environment() {
    python=$(find_python)
    [ -n "$python" ] || fail "no Python 3.11 or newer found (tried python3, python3.13, python3.12, python3.11); install one and start again"
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python cannot make a virtual environment; on Debian and Ubuntu install $(basename "$python")-venv and start again"
    say "a virtual environment with $("$python" -V)"
    rm -f "$stamp" # first, so that whatever happens next, no stamp speaks for a half-made environment
    rm -rf "$venv"
    quietly "$python" -m venv "$venv" || fail "no virtual environment could be made in $venv; the reason is above"
}

find_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
}

pip_install() {
    quietly "$venv/bin/python" -m pip --disable-pip-version-check --no-input install -qq "$@" ||
        fail "pip could not install the Python packages; its words are above. Start again to try again"
}

main "$@"
