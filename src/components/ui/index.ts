export { Button, ButtonLink } from './button.tsx';
export { Checkbox, Segmented, Slider, Switch } from './choice.tsx';
export { CopyOnce } from './copy-once.tsx';
export { cx } from './cx.ts';
export { describeError } from './describe-error.ts';
export { Field, Input, Select, Textarea, useField } from './field.tsx';
export {
  Dialog,
  DialogClose,
  Menu,
  MenuItem,
  MenuLabel,
  MenuLine,
  Popover,
  Tooltip,
  TooltipProvider,
} from './overlay.tsx';
export { EmptyState, ErrorState, Progress, Skeleton } from './states.tsx';
export { type SortDirection, SortHead, TableRegion } from './table.tsx';
export { type TabItem, Tabs } from './tabs.tsx';
export { Facts, inRunColour, PageHead, Readout, Readouts, Swatch, Tag } from './text.tsx';
export { When } from './when.tsx';
