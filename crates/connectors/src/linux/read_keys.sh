# Prints what a file holds, and behind it in a line how that ended. $1: bytes at most; $2: the file.
head -c "$1" -- "$2" 2>/dev/null
status=$?
said=
[ "$status" = 0 ] || said=$(head -c "$1" -- "$2" 2>&1 >/dev/null)
printf '\n%s %s %s\n' "$status" "$(head -c "$1" -- "$2" 2>/dev/null | wc -c)" "$said"
