# Deletes a user and its crontab, which the next of its login would inherit; its home stays, under a number that nobody gets.
# $1: the login; $2: its number.
set -eu
umask 077
mkdir -p /var/lib/tenure
exec 9> /var/lib/tenure/uid.lock
flock 9
last=$(cat /var/lib/tenure/last-uid 2> /dev/null || echo 0)
if [ "$2" -gt "$last" ] && [ "$2" -lt 65534 ]; then
    echo "$2" > /var/lib/tenure/last-uid.new
    mv /var/lib/tenure/last-uid.new /var/lib/tenure/last-uid
fi
rm -f -- "/var/spool/cron/crontabs/$1" "/var/spool/cron/$1"
userdel -- "$1"
