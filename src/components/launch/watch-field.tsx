import { Field, Select } from '#components/ui/index.ts';
import type { METRICS } from '#core/config/run-config.ts';

type Metric = (typeof METRICS)[number];

/** What of the validation part is watched, with the direction that is better. */
export function WatchField({
  value,
  lead,
  error,
  onChange,
}: {
  value: Metric;
  /** the task's own metric */
  lead: 'accuracy' | 'rmse';
  error?: string | undefined;
  onChange: (watched: { metric: Metric; direction: 'min' | 'max' }) => void;
}) {
  return (
    <Field label="Watch" error={error}>
      <Select
        value={value}
        onChange={(event) => {
          const metric = event.target.value as Metric;
          onChange({ metric, direction: metric === 'accuracy' ? 'max' : 'min' });
        }}
      >
        <option value="loss">validation loss, down</option>
        <option value={lead}>validation {lead === 'rmse' ? 'RMSE, down' : 'accuracy, up'}</option>
      </Select>
    </Field>
  );
}
