// The command that uses a grant with the reader's own OpenSSH client. Pure.
export function sshCommand(grant: { login: string; target: string }, gateway: { host: string; port: number }): string {
  const port = gateway.port === 22 ? "" : `-p ${gateway.port} `;
  return `ssh ${port}${grant.login}@${grant.target}@${gateway.host}`;
}
