# Reads a file, sees whether it could be replaced, or puts another content in its place in one step. The same text for every file: nothing is put into it.
# $1: read, check or swap; $2: the file's folder; $3: its name there; $4: the SHA-256 of what it must hold; $5: of what it will.
# The new content comes on standard input. Mode, owner and group stay. Nothing that somebody else can exchange is touched:
# the folder is this user's and nobody else may write in it, and the file is a plain file of this user's, or root's work.
umask 077
no() { echo "$1" >&2; exit 9; }
cd -P -- "$2" 2>/dev/null || no 'its folder cannot be entered'
[ "$(pwd -P)" = "$2" ] || no 'a folder above it is a symbolic link'
[ -O . ] || no 'its folder belongs to somebody else'
[ -z "$(find . -maxdepth 0 \( -perm /002 -o -perm /020 ! -perm -1000 \))" ] || no 'others may write in its folder'
name=./$3
[ ! -L "$name" ] || no 'it is a symbolic link'
[ -e "$name" ] || { [ "$1" = read ] && exit 8; no 'it is not there'; }
[ -f "$name" ] || no 'it is no plain file'
[ -O "$name" ] || [ "$(id -u)" = 0 ] || no 'it belongs to somebody else'

if [ "$1" = read ]; then
    head -c 1048577 -- "$name"
    exit
fi
if [ "$1" = check ]; then
    [ -w . ] || no 'its folder cannot be written in'
    [ "$(id -u)" != 0 ] || [ -w "$name" ] || no 'it cannot be replaced'
    exit
fi
sum() { sha256sum < "$1" | cut -c 1-64; }
new=$(mktemp ./.tenure.XXXXXX) || no 'its folder cannot be written in'
trap 'rm -f -- "$new"' EXIT
trap 'exit 9' HUP INT TERM PIPE
cp -p -- "$name" "$new" && cat > "$new" || no 'the new content cannot be written'
[ "$(sum "$new")" = "$5" ] || no 'the new content did not arrive whole'
sync -- "$new" 2>/dev/null || sync
[ "$(sum "$name")" = "$4" ] || no 'it changed meanwhile'
mv -f -- "$new" "$name" || no 'it cannot be replaced'
sync -- . 2>/dev/null || sync
