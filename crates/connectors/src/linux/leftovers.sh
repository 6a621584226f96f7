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

# The scope of systemd-logind, if there is one.
scope=none
while IFS=: read -r _ _ path; do
    case $path in */session-*.scope) scope=$path ;; esac
done 2>/dev/null < /proc/self/cgroup

# Sets kin to the processes that share a process session with a marked one. A process is in the session of its parents
# or makes its own, so whoever dropped the variable is found beside who kept it. One of another login marks nobody else.
relate() {
    kin='' theirs=' ' mine=''
    sids=$(grep -s '^NSsid:' /proc/[0-9]*/status | sed 's,^/proc/\([0-9]*\)/[^0-9]*\([0-9]*\).*,\1:\2,')
    for pair in $sids; do
        [ "${pair%:*}" != "$$" ] || mine=${pair#*:}
    done
    for folder in $marked; do
        folder=${folder%/environ}
        [ -O "$folder" ] || continue
        for pair in $sids; do
            case $pair in "${folder#/proc/}:$mine") ;; "${folder#/proc/}:"*) theirs="$theirs${pair#*:} " ;; esac
        done
    done
    for pair in $sids; do
        case $theirs in *" ${pair#*:} "*) kin="$kin${pair%:*} " ;; esac
    done
}

# Kills once, after everything was seen: a child whose parent is gone could no longer be told by its family.
found() {
    marked=$(grep -zlxF -- "SSH_CONNECTION=$SSH_CONNECTION" /proc/[0-9]*/environ 2>/dev/null)
    relate
    pairs='' daemons=' '
    for folder in /proc/[0-9]*; do
        pid=${folder#/proc/}
        case $above in *" $pid "*) continue ;; esac
        look "$pid" || continue
        case $state in Z|X) continue ;; esac
        # Below an sshd that the session has started are connections of others.
        case $name in sshd*) daemons="$daemons$pid " ;; esac
        pairs="$pairs $pid:$parent"
    done
    family=" ${sshd:-none} $kin" grown=1
    for path in $marked; do
        path=${path#/proc/}
        family="$family${path%/environ} "
    done
    while [ -n "$grown" ]; do
        grown=''
        for pair in $pairs; do
            case $daemons in *" ${pair#*:} "*) continue ;; esac
            case $family in
                *" ${pair%:*} "*) ;;
                *" ${pair#*:} "*) family="$family${pair%:*} " grown=1 ;;
            esac
        done
    done
    count=0
    for pair in $pairs; do
        pid=${pair%:*}
        belongs "$pid" || continue
        count=$((count + 1))
        kill -KILL "$pid" 2>/dev/null
    done
}

belongs() {
    case $family in *" $1 "*) return 0 ;; esac
    if [ "$audit" != none ]; then
        own=''
        read -r own 2>/dev/null < "/proc/$1/sessionid"
        [ "$own" = "$audit" ] && return 0
    fi
    if [ "$scope" != none ]; then
        while IFS=: read -r _ _ path; do
            [ "$path" = "$scope" ] && return 0
        done 2>/dev/null < "/proc/$1/cgroup"
    fi
    return 1
}

round=0 clean=0
while [ "$round" -lt 25 ] && [ "$clean" -lt 2 ]; do
    found
    if [ "$count" -eq 0 ]; then
        clean=$((clean + 1))
    else
        clean=0
        [ "$round" -lt 5 ] || sleep 0.05
    fi
    round=$((round + 1))
done
echo "left $count"
