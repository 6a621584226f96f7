// How I prove who I am to the gateway and to the API: SSH keys and tokens.
import { Page } from "../shell/Page";
import { SshKeys } from "./SshKeys";
import { Tokens } from "./Tokens";

export function CredentialsPage() {
  return (
    <Page title="My keys and tokens" lead="An SSH key names you at the gateway; what you may do there is decided by your grants. A token speaks for you to the API.">
      <SshKeys />
      <Tokens />
    </Page>
  );
}
