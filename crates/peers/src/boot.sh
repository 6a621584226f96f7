# First process of a test's Debian machine, in namespaces of its own.
# $0: the root that all hosts share and none changes; $1: an empty folder; $2: the host's name.
# Prints its process id as the outside sees it, then lives until its standard input ends.
set -e
read -r pid _ < /proc/self/stat
mount -t tmpfs -o mode=0755 tenure "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=$0,upperdir=$1/upper,workdir=$1/work" overlay "$1/root"
cd "$1/root"
mount -t proc proc proc
pivot_root . mnt
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umount -l /mnt
mount -t tmpfs -o mode=0755 tmpfs /dev
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir /dev/pts /dev/shm /run/sshd /run/lock
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
    IFS=: read -r name major minor <<EOF
$node
EOF
    mknod -m 666 "/dev/$name" c "$major" "$minor"
done
ln -s pts/ptmx /dev/ptmx
install -m 664 -g utmp /dev/null /run/utmp
ln -s /proc/self/fd /dev/fd
for stream in stdin:0 stdout:1 stderr:2; do ln -s "/proc/self/fd/${stream#*:}" "/dev/${stream%:*}"; done
hostname "$2"
echo "$2" > /etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$2" > /etc/hosts
echo "$pid"
# The shell stays the parent of `cat`, so that orphans of ended sessions are reaped.
exec sh -c 'cat > /dev/null; exit 0'
