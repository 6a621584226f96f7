# Ends every process that one SSH connection has left on this host, and says how many would not end.
# The same text for every session: nothing is put into it. A process belongs to the connection when it carries the
# connection's SSH_CONNECTION, is in a process session (setsid) with one of this login that does, descends from any of
# these or from the connection's sshd, or is in the login session that PAM made for it.
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH
[ -n "$SSH_CONNECTION" ] || { echo 'left unknown'; exit 0; }

# Sets name, state and parent of process $1.
look() {
    state='' parent='' name=''
    while read -r key value rest; do
        case $key in
            Name:) name=$value ;;
            State:) state=$value ;;
            PPid:) parent=$value; return 0 ;;
        esac
    done 2>/dev/null < "/proc/$1/status"
    return 1
}

# sshd of this connection, and the listener above it.
sshd='' top='' above=" $$ " at=$PPID
while [ "${at:-0}" -gt 1 ] && look "$at"; do
    above="$above$at "
    case $name in
        sshd*) [ -n "$sshd" ] || [ "$at" != "$PPID" ] || sshd=$at; top=$at ;;
    esac
    at=$parent
done

# The audit session, if PAM gave this connection one of its own.
audit=''
read -r audit 2>/dev/null < /proc/self/sessionid
read -r other 2>/dev/null < "/proc/${top:-1}/sessionid" || other=$audit
[ "$audit" != 4294967295 ] && [ "$audit" != "$other" ] || audit=none

# The scope of systemd-logind, if this connection has one of its own.
scope=none
while IFS=: read -r _ _ path; do
    case $path in */session-*.scope) scope=$path ;; esac
done 2>/dev/null < /proc/self/cgroup
! grep -qsF -- ":$scope" "/proc/${top:-1}/cgroup" || scope=none

# Paths below /proc, each of a process that is marked (environ), in the login session (sessionid, cgroup), or there.
look_at_all() {
    carries="SSH_CONNECTION=$SSH_CONNECTION"
    status=$(grep -sHE '^(Name|State|PPid|Threads|NSsid|Uid):' /proc/[0-9]*/status)
    printf '%s\n' "$status"
    grep -zlsxF -- "$carries" /proc/[0-9]*/environ
    # The environment of a process whose first thread has ended shows at its other threads only.
    for pid in $(printf '%s\n' "$status" | sed -n 's,^/proc/\([0-9]*\)/status:State:.Z.*,\1,p'); do
        grep -zlsxF -- "$carries" /proc/"$pid"/task/[0-9]*/environ
    done
    [ "$audit" = none ] || grep -lsxF -- "$audit" /proc/[0-9]*/sessionid
    [ "$scope" = none ] || grep -lsF -- ":$scope" /proc/[0-9]*/cgroup
}

# Of those, the processes that belong to the connection. Each is looked at once, so that many cost no more than their number.
chosen() {
    awk -F '[/:]' -v self="$$" -v uid="$(id -u)" -v above="$above" -v sshd="$sshd" '
        $4 == "environ" || $4 == "task" { marked[$3]; next }
        $4 == "sessionid" || $4 == "cgroup" { seeds[$3]; next }
        { split($6, word, "[ \t]+") }
        $5 == "Name" { name[$3] = word[2] }
        $5 == "State" { state[$3] = word[2] }
        $5 == "PPid" { children[word[2]] = children[word[2]] " " $3; there[$3] }
        $5 == "Uid" { owner[$3] = word[3] }
        $5 == "Threads" { threads[$3] = word[2] }
        $5 == "NSsid" { session[$3] = word[2] }

        # Adds to `found` whatever descends from `pid`, and is not to be spared.
        function descend(pid, found, spared,    queue, first, last, list, count, i) {
            queue[last = 1] = pid
            for (first = 1; first <= last; first++) {
                # Below an sshd that the session has started are connections of others.
                if (queue[first] != sshd && owner[queue[first]] == 0 && name[queue[first]] ~ /^sshd/) continue
                count = split(children[queue[first]], list, " ")
                for (i = 1; i <= count; i++) {
                    if (list[i] in found || list[i] in spared) continue
                    found[list[i]]
                    queue[++last] = list[i]
                }
            }
        }

        END {
            count = split(above, list, " ")
            for (i = 1; i <= count; i++) spared[list[i]]
            descend(self, own, spared)
            for (pid in own) spared[pid]
            for (pid in there) if (state[pid] == "X" || (state[pid] == "Z" && threads[pid] < 2)) spared[pid]
            # A process is in the process session of its parents or makes its own, so whoever dropped the variable is
            # found beside who kept it. One of another login marks nobody else.
            for (pid in marked) if (owner[pid] == uid) kin[session[pid]]
            delete kin[session[self]]
            delete kin[0]
            delete kin[""]
            for (pid in there) if (pid in marked || session[pid] in kin) seeds[pid]
            for (pid in seeds) if (pid in there && !(pid in spared)) found[pid]
            for (pid in seeds) if (pid in found) descend(pid, found, spared)
            if (sshd) descend(sshd, found, spared)
            for (pid in found) print pid
        }'
}

# Kills once, after everything was seen: a child whose parent is gone could no longer be told by its family.
round=0 clean=0 count=0
while [ "$round" -lt 20 ] && [ "$clean" -lt 2 ]; do
    set -- $(look_at_all | chosen)
    count=$#
    if [ "$count" -eq 0 ]; then
        clean=$((clean + 1))
    else
        clean=0
        kill -KILL "$@" 2>/dev/null
        [ "$round" -lt 5 ] || sleep 0.05
    fi
    round=$((round + 1))
done
echo "left $count"
