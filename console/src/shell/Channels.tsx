// The ways in which a grant can be used.
const NAMES: Record<string, string> = {
  shell: "shell",
  exec: "single commands",
  sftp: "file transfer",
  port_forward: "port forwarding",
  agent_forward: "agent forwarding",
  x11_forward: "X11 forwarding",
  secret_read: "reading secrets",
  secret_write: "writing secrets",
  checkout: "checking out the credential",
  membership: "being a member",
  credential: "a credential made on demand",
};

export function channelName(channel: string): string {
  return NAMES[channel] ?? channel.replaceAll("_", " ");
}

export function Channels({ channels }: { channels: readonly string[] }) {
  return <span>{channels.map(channelName).join(", ")}</span>;
}
