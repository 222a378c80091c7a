// The few drawings of the console, as inline SVG in the current colour. All are decoration: the button or text beside them says the name.
import type { ReactNode } from 'react';

function Icon({ children, className = 'size-5' }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <svg
      className={`shrink-0 ${className}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

interface Sized {
  readonly className?: string;
}

export function Mark({ className = 'size-7' }: Sized) {
  return <img src="/icon.svg" alt="" className={`shrink-0 ${className}`} />;
}

export const MenuIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M4 7h16M4 12h16M4 17h10" />
  </Icon>
);
export const CloseIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
);
export const PlusIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);
export const SendIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M12 19V5M6 11l6-6 6 6" />
  </Icon>
);
export const StopIcon = (props: Sized) => (
  <Icon {...props}>
    <rect x="7" y="7" width="10" height="10" rx="1.5" fill="currentColor" />
  </Icon>
);
export const UndoIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3" />
  </Icon>
);
export const DownIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M12 5v14M6 13l6 6 6-6" />
  </Icon>
);
export const ChevronIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M9 6l6 6-6 6" />
  </Icon>
);
export const CheckIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M5 12.5l4.5 4.500L19 7.500" />
  </Icon>
);
export const CrossIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M7 7l10 10M17 7L7 17" />
  </Icon>
);
export const WarningIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M12 4.500L21 19.500H3zM12 10v4.500M12 17v.2" />
  </Icon>
);
export const ShieldIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M12 3.500l7 2.500v5.500c0 4.300-2.900 7.500-7 9-4.100-1.500-7-4.700-7-9V6z" />
  </Icon>
);
export const BellIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M6 16.5V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4" />
  </Icon>
);
export const AttachIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M19 11.500l-7.200 7.200a4.600 4.600 0 0 1-6.500-6.500l7.700-7.700a3 3 0 0 1 4.300 4.300l-7.700 7.700a1.500 1.500 0 0 1-2.100-2.100L14 7.500" />
  </Icon>
);
export const MicrophoneIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M12 3.500a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0V6A2.500 2.500 0 0 1 12 3.500zM6.500 11a5.500 5.500 0 0 0 11 0M12 16.500v4" />
  </Icon>
);
export const PlayIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M8 5.500l10 6.500-10 6.500z" />
  </Icon>
);
export const SaveIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M12 4v11M7.500 11l4.500 4.500 4.500-4.500M5 19.500h14" />
  </Icon>
);
export const FileIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M7 3.500h7l4 4v13H7zM14 3.500v4h4" />
  </Icon>
);
export const BackIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M19 12H5M11 6l-6 6 6 6" />
  </Icon>
);
export const ChipIcon = (props: Sized) => (
  <Icon {...props}>
    <rect x="7" y="7" width="10" height="10" rx="2" />
    <path d="M10 7V4M14 7V4M10 20v-3M14 20v-3M7 10H4M7 14H4M20 10h-3M20 14h-3" />
  </Icon>
);
export const ThemeIcon = (props: Sized) => (
  <Icon {...props}>
    <circle cx="12" cy="12" r="8" />
    <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
  </Icon>
);
export const PeopleIcon = (props: Sized) => (
  <Icon {...props}>
    <circle cx="9" cy="8" r="3.5" />
    <path d="M2.5 20c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 6.5 5.5M16 4.8a3.5 3.5 0 0 1 0 6.400M18 15c2 .7 3.1 2.3 3.5 5" />
  </Icon>
);
export const PlugIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M9 3v5M15 3v5M6.500 8h11v3.500a5.500 5.500 0 0 1-11 0zM12 17v4" />
  </Icon>
);
export const InboxIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M3 13.5h5l1.5 3h5l1.5-3h5M5.5 5h13L21 13.5V19H3v-5.5z" />
  </Icon>
);
export const EnvelopeIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M3.5 6h17v12h-17zM3.5 7l8.500 6.500L20.500 7" />
  </Icon>
);
export const ChatIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M4 5h16v11H10l-4.500 3.500V16H4z" />
  </Icon>
);
export const LinkIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M4 10a12 12 0 0 1 16 0M7 13.500a7.500 7.500 0 0 1 10 0M10 17a3 3 0 0 1 4 0" />
  </Icon>
);
export const DiskIcon = (props: Sized) => (
  <Icon {...props}>
    <ellipse cx="12" cy="6.500" rx="7.500" ry="3" />
    <path d="M4.500 6.500v11c0 1.700 3.400 3 7.500 3s7.500-1.300 7.500-3v-11M4.500 12c0 1.700 3.400 3 7.500 3s7.500-1.300 7.500-3" />
  </Icon>
);
export const GaugeIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M4 18a8.500 8.500 0 1 1 16 0M12 15l4-5" />
  </Icon>
);
export const PencilIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M4.500 19.500l1-4L16 5l3 3L8.500 18.500z" />
  </Icon>
);
export const LanguageIcon = (props: Sized) => (
  <Icon {...props}>
    <circle cx="12" cy="12" r="8.500" />
    <path d="M3.500 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17" />
  </Icon>
);
export const KeyboardIcon = (props: Sized) => (
  <Icon {...props}>
    <rect x="3" y="6" width="18" height="12" rx="2" />
    <path d="M7 10h.01M11 10h.01M15 10h.01M8 14h8" />
  </Icon>
);
export const LeaveIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M13 4.500H5v15h8M10 12h10M16.500 8.500L20 12l-3.500 3.500" />
  </Icon>
);
export const BookIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M12 6.500c-2-1.400-4.500-2-8-2v13c3.500 0 6 .600 8 2 2-1.400 4.500-2 8-2v-13c-3.500 0-6 .600-8 2zM12 6.500v13" />
  </Icon>
);
export const KeyIcon = (props: Sized) => (
  <Icon {...props}>
    <circle cx="8" cy="15" r="4.5" />
    <path d="m11.5 11.5 8-8M16 7l3 3M14 9l2 2" />
  </Icon>
);
export const SearchIcon = (props: Sized) => (
  <Icon {...props}>
    <circle cx="11" cy="11" r="6.5" />
    <path d="M16 16l4.5 4.5" />
  </Icon>
);
export const MoreIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M5 12h.01M12 12h.01M19 12h.01" strokeWidth="3" />
  </Icon>
);
export const PinIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v5" />
  </Icon>
);
export const ArchiveIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M3.5 5h17v4h-17zM5 9v10.500h14V9M10 13h4" />
  </Icon>
);
export const ClockIcon = (props: Sized) => (
  <Icon {...props}>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7v5l3.500 2" />
  </Icon>
);
export const ListIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M5 6h14M5 12h14M5 18h9" />
  </Icon>
);
export const ChartIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M4 20h16M6.500 16v-5M12 16V6M17.500 16v-7" />
  </Icon>
);
export const InfoIcon = (props: Sized) => (
  <Icon {...props}>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 11v5.500M12 7.500h.01" />
  </Icon>
);
export const AgentIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M5 8.500h14v10H5zM12 8.500V5M9.500 13h.01M14.500 13h.01M9.500 16h5" />
  </Icon>
);
export const SkillIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M12 4l2 5.500 5.500 2-5.500 2-2 5.500-2-5.500-5.500-2 5.500-2z" />
  </Icon>
);
export const GearIcon = (props: Sized) => (
  <Icon {...props}>
    <path d="M4 7h9M17 7h3M4 12h3M11 12h9M4 17h7M15 17h5" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="12" r="2" />
    <circle cx="13" cy="17" r="2" />
  </Icon>
);
