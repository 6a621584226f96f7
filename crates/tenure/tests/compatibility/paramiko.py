"""A person's script: one connection, a command, files, an interactive shell."""
import sys

import paramiko

port, key, known_hosts = sys.argv[1:4]
client = paramiko.SSHClient()
client.load_host_keys(known_hosts)
client.connect("127.0.0.1", int(port), "root@web-1", key_filename=key, look_for_keys=False, allow_agent=False)

_, out, err = client.exec_command("id -un; echo oops >&2; exit 5")
print(out.read(), err.read(), out.channel.recv_exit_status())

sftp = client.open_sftp()
sftp.mkdir("/tmp/p")
sent = bytes(range(256)) * 11718 + bytes(192)
with sftp.file("/tmp/p/one", "wb") as file:
    file.write(sent)
names = sftp.listdir("/tmp/p")
with sftp.file("/tmp/p/one", "rb") as file:
    file.prefetch()
    received = file.read()
print(len(received), received == sent, names)
sftp.remove("/tmp/p/one")
sftp.close()

shell = client.invoke_shell(width=100, height=30)
shell.sendall(b"echo shell $((40 + 2)); exit\n")
seen = b""
while chunk := shell.recv(4096):
    seen += chunk
print(next(line.decode().strip() for line in seen.splitlines() if line.strip() == b"shell 42"))
client.close()
