# Puts standard input in the place of a file of sudo rules, when that still holds what it did and sudo understands it.
# $1: the file, directly below /etc/sudoers.d; $2: the SHA-256 of what it holds, or `none`. Without input the file goes.
set -eu
umask 077
exec 9> /run/tenure-sudoers.lock
flock 9
have=none
if [ -f "$1" ]; then
    have=$(sha256sum < "$1")
    have=${have%% *}
fi
[ "$have" = "$2" ] || exit 9
# sudo leaves out names with a dot in them.
new="/etc/sudoers.d/.${1##*/}.new"
cat > "$new"
if [ ! -s "$new" ]; then
    rm -f -- "$new" "$1"
    exit 0
fi
chmod 0440 "$new"
if ! visudo -c -q -f "$new" >&2; then
    rm -f -- "$new"
    exit 10
fi
mv -f -- "$new" "$1"
