// A QR code as one SVG path.
import qrcode from "qrcode-generator";
import { useMemo } from "react";

export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const code = qrcode(0, "M");
    code.addData(text);
    code.make();
    const modules = code.getModuleCount();
    let d = "";
    for (let y = 0; y < modules; y += 1) {
      for (let x = 0; x < modules; x += 1) if (code.isDark(y, x)) d += `M${x + 3} ${y + 3}h1v1h-1z`;
    }
    return { path: d, size: modules + 6 };
  }, [text]);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  );
}
