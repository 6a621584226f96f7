// A line of the API as people read it: what stands in backticks is set as code.
export function Prose({ text }: { text: string }) {
  return text.split("`").map((part, i) => (i % 2 === 1 ? <code key={i} className="mono code">{part}</code> : part));
}
