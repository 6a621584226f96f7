// The name and its mark: a T whose bar is a term, partly used.
export function Wordmark({ size = 26 }: { size?: number }) {
  return (
    <span className="wordmark" style={{ display: "inline-flex", alignItems: "center", gap: size * 0.38 }}>
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden style={{ flex: "none" }}>
        <rect width="32" height="32" rx="7" fill="#125540" />
        <g fill="none" strokeLinecap="square" strokeWidth="3">
          <path d="M8 12.5V9h10" stroke="#fff" />
          <path d="M18 9h6v3.5" stroke="#83bba4" />
          <path d="M16 10.5V24" stroke="#fff" />
        </g>
      </svg>
      <span style={{ fontSize: size * 0.73, fontWeight: 600, letterSpacing: "-0.02em", lineHeight: 1 }}>Tenure</span>
    </span>
  );
}
