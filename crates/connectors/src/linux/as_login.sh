# Runs a program with the rights of a login and no more. $1: the login; then the program.
login=$1
shift
[ "$login" != root ] || exec "$@"
! command -v runuser >/dev/null || exec runuser -u "$login" -- "$@"
exec sudo -n -u "$login" -- "$@"
