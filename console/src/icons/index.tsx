// The console's icons, drawn on a 20 by 20 grid. Decorative: the text beside them carries the meaning.
import type { ReactNode } from "react";

export interface IconProps {
  size?: number;
}

function icon(shape: ReactNode) {
  return function Icon({ size = 18 }: IconProps) {
    return (
      <svg
        className="icon"
        width={size}
        height={size}
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
      >
        {shape}
      </svg>
    );
  };
}

export const OverviewIcon = icon(<path d="M3 3h6v7H3zM11 3h6v4h-6zM11 10h6v7h-6zM3 13h6v4H3z" />);
export const KeyIcon = icon(<><circle cx="6.5" cy="13.5" r="3.5" /><path d="M9 11l7.5-7.5M13.5 6.5l2.5 2.5M11 9l1.5 1.5" /></>);
export const ApproveIcon = icon(<><path d="M10 2.5l6 2.2v4.6c0 3.8-2.5 6.7-6 8.2-3.5-1.5-6-4.4-6-8.2V4.7z" /><path d="M7.2 9.9l2 2 3.6-3.9" /></>);
export const SessionIcon = icon(<><rect x="2.5" y="3.5" width="15" height="13" rx="2" /><path d="M5.5 8l2.5 2-2.5 2M10 12.5h4" /></>);
export const GrantIcon = icon(<><path d="M3 6.5V4h14v2.5M10 4v12" /><path d="M7 16h6" /></>);
export const PeopleIcon = icon(<><circle cx="7.5" cy="7" r="3" /><path d="M2 17c.4-3.2 2.6-5 5.5-5s5.1 1.8 5.5 5M12.5 4.3a3 3 0 010 5.4M15 12.7c1.7.7 2.7 2.2 3 4.3" /></>);
export const PersonIcon = icon(<><circle cx="10" cy="6.5" r="3.5" /><path d="M3.5 17.5c.5-3.7 3-5.5 6.5-5.5s6 1.8 6.5 5.5" /></>);
export const ImportIcon = icon(<path d="M10 2.5v9.5M6.5 8.5L10 12l3.5-3.5M3 13v3.5h14V13" />);
export const SourceIcon = icon(<><ellipse cx="10" cy="4.5" rx="6.5" ry="2.3" /><path d="M3.5 4.5v11c0 1.3 2.9 2.3 6.5 2.3s6.5-1 6.5-2.3v-11M3.5 10c0 1.3 2.9 2.3 6.5 2.3s6.5-1 6.5-2.3" /></>);
export const MatchIcon = icon(<><circle cx="7" cy="10" r="4.5" /><circle cx="13" cy="10" r="4.5" /></>);
export const AssignmentIcon = icon(<><circle cx="6.5" cy="6.5" r="3" /><path d="M1.8 16.5c.4-3 2.3-4.7 4.7-4.7 1 0 1.9.3 2.7.8M15 9v7M11.5 12.5h7" /></>);
export const EntitlementIcon = icon(<><path d="M2.5 9.5V3.5h6l8.5 8.5-6 6z" /><circle cx="6.3" cy="7.2" r="1.2" /></>);
export const TicketIcon = icon(<><rect x="4" y="3.5" width="12" height="14" rx="1.5" /><path d="M7.5 2.5h5v2.5h-5zM7 9.5h6M7 12.5h4" /></>);
export const LeaverIcon = icon(<><path d="M11.5 3.5h-7v13h7" /><path d="M8.5 10h8.5M14 7l3 3-3 3" /></>);
export const MoverIcon = icon(<><circle cx="6" cy="6" r="2.5" /><path d="M2 15.5c.3-2.8 1.9-4.2 4-4.2s3.7 1.4 4 4.2M11 7h6.5M14.8 4.3L17.5 7l-2.7 2.7" /></>);
export const InventoryIcon = icon(<><path d="M3 4h4v4H3zM3 12h4v4H3z" /><path d="M10 5h7M10 7.5h4M10 13h7M10 15.5h4" /></>);
export const PlanIcon = icon(<><path d="M3.5 5l1.5 1.5L7.5 4M3.5 10.5L5 12l2.5-2.5" /><path d="M10.5 5.5H17M10.5 11H17M4.5 16h.01M10.5 16H17" /></>);
export const SimulationIcon = icon(<><path d="M3 14l4.5-4.5L10 12l3-3" /><path d="M3 6.5h4.5M13 4.5l4 4.5-4 4.5" strokeDasharray="2 2" /><circle cx="10" cy="5" r="1.8" /></>);
export const DriftIcon = icon(<><path d="M3 6.5h10.5M10.5 3.5l3 3-3 3M17 13.5H6.5M9.5 10.5l-3 3 3 3" /></>);
export const StandingIcon = icon(<><circle cx="10" cy="4.5" r="2" /><path d="M10 6.5v6M6.5 9h7M10 12.5l-2.5 5M10 12.5l2.5 5M3 17.5h14" /></>);
export const BreakerIcon = icon(<><path d="M2.5 12h4l6.5-6M13 12h4.5" /><circle cx="6.5" cy="12" r="1.2" /><circle cx="13" cy="12" r="1.2" /></>);
export const SystemIcon = icon(<><path d="M10 2.5l7 3.5-7 3.5L3 6z" /><path d="M3 10l7 3.5 7-3.5M3 14l7 3.5 7-3.5" /></>);
export const TargetIcon = icon(<><rect x="3" y="3" width="14" height="5.5" rx="1.2" /><rect x="3" y="11.5" width="14" height="5.5" rx="1.2" /><path d="M6 5.75h.01M6 14.25h.01M9.5 5.75H14M9.5 14.25H14" /></>);
export const AccountIcon = icon(<><rect x="2.5" y="4" width="15" height="12" rx="2" /><circle cx="7.2" cy="9" r="1.8" /><path d="M4.8 13.2c.4-1.3 1.2-2 2.4-2s2 .7 2.4 2M12 8.5h3M12 11.5h3" /></>);
export const CheckoutIcon = icon(<><circle cx="7" cy="7" r="3.5" /><path d="M9.5 9.5l3 3M11 11l-1.5 1.5M13 17.5h4.5V13M12 12l5.5 5.5" /></>);
export const LeaseIcon = icon(<><path d="M5 2.5h10M5 17.5h10M6 2.5v3L10 10l4-4.5v-3M6 17.5v-3L10 10l4 4.5v3" /></>);
export const IssuerIcon = icon(<><path d="M3 3.5h14v9H3zM6 6.5h8M6 9.5h4" /><circle cx="13.5" cy="12.5" r="2" /><path d="M12.4 14.2l-.6 3.3 1.7-1 1.7 1-.6-3.3" /></>);
export const SafeIcon = icon(<><rect x="2.5" y="3" width="15" height="13" rx="2" /><circle cx="10" cy="9.5" r="3" /><path d="M10 6.5V5M10 14v-1.5M13 9.5h1.5M5.5 9.5H7M5 16v1.5M15 16v1.5" /></>);
export const MachineIcon = icon(<><rect x="5" y="5" width="10" height="10" rx="1.5" /><path d="M8 8h4v4H8zM8 5V2.5M12 5V2.5M8 17.5V15M12 17.5V15M5 8H2.5M5 12H2.5M17.5 8H15M17.5 12H15" /></>);
export const AsOfIcon = icon(<><circle cx="10" cy="10" r="7.5" /><path d="M10 5.5V10l3 2" /></>);
export const LedgerIcon = icon(<><path d="M4 3.5A1.5 1.5 0 015.5 2H16v16H5.5A1.5 1.5 0 014 16.5z" /><path d="M4 15.5h12M7.5 6h5M7.5 9h5" /></>);
export const FindingIcon = icon(<><path d="M10 3l7.5 13.5h-15z" /><path d="M10 8.5v3.5M10 14.25h.01" /></>);
export const SunIcon = icon(<><circle cx="10" cy="10" r="3.3" /><path d="M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1" /></>);
export const MoonIcon = icon(<path d="M16.5 11.8A7 7 0 018.2 3.5a7 7 0 108.3 8.3z" />);
export const CopyIcon = icon(<><rect x="7" y="7" width="10" height="10" rx="1.5" /><path d="M13 7V4.5A1.5 1.5 0 0011.5 3h-7A1.5 1.5 0 003 4.5v7A1.5 1.5 0 004.5 13H7" /></>);
export const CheckIcon = icon(<path d="M4 10.5l4 4 8-9" />);
export const CrossIcon = icon(<path d="M5 5l10 10M15 5L5 15" />);
export const StopIcon = icon(<><circle cx="10" cy="10" r="7.5" /><path d="M7.5 7.5h5v5h-5z" /></>);
export const EyeIcon = icon(<><path d="M1.8 10S4.8 4.5 10 4.5 18.2 10 18.2 10 15.2 15.5 10 15.5 1.8 10 1.8 10z" /><circle cx="10" cy="10" r="2.5" /></>);
export const PlayIcon = icon(<path d="M6 4l10 6-10 6z" />);
export const DownloadIcon = icon(<path d="M10 3v9M6.5 8.5L10 12l3.5-3.5M4 16.5h12" />);
export const PrintIcon = icon(<><path d="M6 7V2.5h8V7M6 14.5H3V7h14v7.5h-3" /><path d="M6 12h8v5.5H6z" /></>);
export const SealIcon = icon(<><circle cx="10" cy="8" r="5.5" /><path d="M7 12.7L6 18l4-2 4 2-1-5.3M7.8 8l1.6 1.6L12.3 6.6" /></>);
export const SearchIcon = icon(<><circle cx="9" cy="9" r="5.5" /><path d="M13 13l4 4" /></>);
export const ArrowIcon = icon(<path d="M4 10h12M11 5l5 5-5 5" />);
export const HandIcon = icon(<><path d="M3 4.5h14v9H9L5.5 17v-3.5H3z" /><path d="M6.5 8h7M6.5 10.5h4" /></>);
export const LinkIcon = icon(<path d="M8.5 11.5a3.5 3.5 0 005 0l2.5-2.5a3.5 3.5 0 00-5-5l-1 1M11.5 8.5a3.5 3.5 0 00-5 0L4 11a3.5 3.5 0 005 5l1-1" />);
