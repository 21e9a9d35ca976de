import type { Decision } from '#core/data/decision.ts';
import type { ImageContent } from '#core/data/report.ts';
import { Field, Input, Segmented, Select } from '../ui/index.ts';
import { Picture } from './picture.tsx';
import { count, counted } from './words.ts';

type ImageDecision = Extract<Decision, { kind: 'image-classification' }>;

const CHANNELS = [
  { value: 1, label: 'Grey' },
  { value: 3, label: 'Colour' },
  { value: 4, label: 'Colour and alpha' },
] as const;

/** Where the classes come from, which size and channels the network sees. */
export function ReviewImages({
  content,
  decision,
  onDecision,
}: {
  content: ImageContent;
  decision: ImageDecision;
  onDecision: (decision: Decision) => void;
}) {
  const { sizes, channels, labelings, samples } = content;
  const side = (name: 'height' | 'width') => (
    <Input
      type="number"
      min={1}
      max={4096}
      aria-label={`${name} in pixels`}
      className="w-20"
      value={decision[name] || ''}
      onChange={(event) => onDecision({ ...decision, [name]: event.target.valueAsNumber || 0 })}
    />
  );
  const others = sizes.slice(1).reduce((sum, s) => sum + s.count, 0);
  return (
    <div className="grid gap-4">
      <p className="two">
        {counted(content.items, 'image')},{' '}
        {channels.grey === content.items
          ? 'all grey'
          : channels.colour === content.items
            ? 'all in colour'
            : `${count(channels.colour)} of them in colour`}
        {channels.alpha > 0 && `, ${count(channels.alpha)} with transparent pixels, which are put on white`}.
      </p>
      <Field label="Classes from">
        <Select
          value={decision.labeling}
          onChange={(event) => onDecision({ ...decision, labeling: event.target.value })}
        >
          {labelings.map((l) => (
            <option key={l.id} value={l.id} disabled={!l.classes}>
              {l.title} ({l.classes ? counted(l.classes.length, 'class', 'classes') : 'too many classes'})
            </option>
          ))}
        </Select>
      </Field>
      <div className="field">
        <span className="lab">Size, height × width</span>
        <span className="flex items-center gap-2">
          {side('height')} × {side('width')}
        </span>
        <small>
          {others === 0
            ? `Every image has ${sizes[0]!.height} × ${sizes[0]!.width}.`
            : `Images differ: ${sizes
                .slice(0, 4)
                .map((s) => `${count(s.count)} of ${s.height} × ${s.width}`)
                .join(', ')}${sizes.length > 4 ? ' and more' : ''}. All are resized to what you choose.`}
        </small>
      </div>
      <div className="field">
        <span className="lab">Channels</span>
        <div>
          <Segmented
            label="Channels"
            options={CHANNELS}
            value={decision.channels}
            onChange={(value) => onDecision({ ...decision, channels: value })}
          />
        </div>
      </div>
      <ul className="thumbs" aria-label="Some of the images">
        {samples.map((sample) => (
          <li key={sample.name}>
            <Picture src={sample.png} alt={sample.name} height={1} width={1} eager />
            <span className="small three">{sample.labels[decision.labeling] || 'no label'}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
