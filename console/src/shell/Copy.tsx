// Text to take along: commands, keys, digests.
import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { CheckIcon, CopyIcon } from "../icons";

export function Copy({ text, what }: { text: string; what: string }) {
  return (
    <CopyButton value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : `Copy ${what}`}>
          <ActionIcon className="copy no-print" size={26} variant="subtle" color={copied ? "pine" : "gray"} onClick={copy} aria-label={`Copy ${what}`}>
            {copied ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

export function Command({ text, what = "the command" }: { text: string; what?: string }) {
  return (
    <div className="command">
      <code tabIndex={0}>{text}</code>
      <Copy text={text} what={what} />
    </div>
  );
}

/** The beginning of a long digest, the whole of it in the clipboard. */
export function Digest({ text, length = 16 }: { text: string; length?: number }) {
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: 4 }}>
      <span className="mono" title={text}>{text.length > length ? `${text.slice(0, length)}…` : text}</span>
      <Copy text={text} what="the whole value" />
    </span>
  );
}
