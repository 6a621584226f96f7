# Adds a user under a number that nobody had here before: files of somebody deleted never become another's.
# $1: the login; $2: what stands beside it (GECOS); $3: the shell, or nothing for the usual one.
set -eu
umask 077
mkdir -p /var/lib/tenure
exec 9> /var/lib/tenure/uid.lock
flock 9
setting() { awk -v name="$1" -v other="$2" '$1 == name { other = $2 } END { print other }' /etc/login.defs; }
min=$(setting UID_MIN 1000)
max=$(setting UID_MAX 60000)
last=$(cat /var/lib/tenure/last-uid 2> /dev/null || echo 0)
top=$(getent passwd | awk -F: -v min="$min" -v max="$max" '$3 >= min && $3 <= max && $3 > top { top = $3 } END { print top + 0 }')
if [ "$last" -gt "$top" ]; then uid=$last; else uid=$top; fi
uid=$((uid + 1))
if [ "$uid" -lt "$min" ]; then uid=$min; fi
shell=${3:-$(useradd -D | sed -n 's/^SHELL=//p')}
useradd --uid "$uid" --create-home --shell "$shell" --comment "$2" -- "$1"
echo "$uid" > /var/lib/tenure/last-uid.new
mv /var/lib/tenure/last-uid.new /var/lib/tenure/last-uid
