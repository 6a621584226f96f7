// The look of the console as Mantine knows it: colours, type, density. Other colours are in shell.css.
import { createTheme, localStorageColorSchemeManager, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const pine: MantineColorsTuple = [
  "#edf6f2", "#d7e9e1", "#afd3c4", "#83bba4", "#5ea588", "#429172", "#2c7d60", "#1c6a4f", "#125540", "#0a3f2f",
];
const brick: MantineColorsTuple = [
  "#fbefec", "#f5dcd6", "#eab8ad", "#df9181", "#d4705d", "#c75743", "#b54532", "#993626", "#7d2b1e", "#5f1f15",
];
const amber: MantineColorsTuple = [
  "#fdf5e3", "#f8e8c2", "#f0d28a", "#e6ba52", "#d9a32c", "#c08a17", "#9c6e0e", "#7c560a", "#634408", "#493206",
];
const gray: MantineColorsTuple = [
  "#f7f7f4", "#f0f0ec", "#e5e6e0", "#d5d7d0", "#bdc1b9", "#8f968f", "#5d6661", "#454d49", "#2f3633", "#1b211f",
];
const dark: MantineColorsTuple = [
  "#dfe5e1", "#b9c2bd", "#98a59f", "#6c7974", "#3a4440", "#2b3330", "#212826", "#181d1b", "#101413", "#0a0d0c",
];

const sans = '"IBM Plex Sans Variable", system-ui, -apple-system, "Segoe UI", sans-serif';
export const mono = '"IBM Plex Mono", ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  colors: { pine, brick, amber, gray, dark },
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 6 },
  black: "#1b211f",
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: { fontFamily: sans, fontWeight: "600" },
  defaultRadius: 6,
  fontSizes: { xs: "12px", sm: "13.5px", md: "14.5px", lg: "16.5px", xl: "20px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    Button: { defaultProps: { size: "sm" } },
    InputWrapper: { defaultProps: { withAsterisk: false } },
    Drawer: { defaultProps: { position: "right", size: 460, overlayProps: { backgroundOpacity: 0.35 }, closeButtonProps: { "aria-label": "Close" } } },
    Modal: { defaultProps: { centered: true, size: 480, overlayProps: { backgroundOpacity: 0.35 }, closeButtonProps: { "aria-label": "Close" } } },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Dismiss" } } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
  },
});

export const schemes = localStorageColorSchemeManager({ key: "tenure-scheme" });

/** Mantine's own dimmed and placeholder greys are too pale to read (WCAG 2.2, 1.4.3). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-dimmed": "#5d6661",
    "--mantine-color-placeholder": "#6b746f",
    "--mantine-color-error": "#993626",
    "--mantine-color-default-border": "#d5d7d0",
  },
  dark: {
    "--mantine-color-body": "#181d1b",
    "--mantine-color-dimmed": "#98a59f",
    "--mantine-color-placeholder": "#8b9792",
    "--mantine-color-error": "#e9a294",
    "--mantine-color-default-border": "#2f3835",
    "--mantine-color-default": "#1d2321",
    "--mantine-color-default-hover": "#252c29",
  },
});
