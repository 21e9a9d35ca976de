import { Field, Select } from '#components/ui/index.ts';
import { dropoutPlaces, dropoutRates, withDropout, withDropoutRates, withoutDropout } from '#core/config/dropout.ts';
import { layerNames } from '#core/model/names.ts';
import { planModel } from '#core/model/plan.ts';
import type { ModelSpec } from '#core/model/spec.ts';
import { START_DROPOUT } from '#core/remedies/dropout.ts';
import { NumberInput } from '../number-field.tsx';
import { type CardProps, RemedyCard } from './card.tsx';

export function DropoutCard({ remedy, draft, context }: CardProps) {
  const { config, patch, problemAt } = draft;
  const rates = dropoutRates(config.model);
  const names = namesOf(config.model);
  const places = names ? dropoutPlaces(config.model, names) : [];
  const at = config.model.layers.findIndex((l) => l.type === 'dropout' || l.type === 'spatial_dropout');
  const after = names && at > 0 ? names[at - 1]! : places.at(-1);
  const put = (place: string, rate: number) =>
    names && patch({ model: withDropout(config.model, config.model.layers[names.indexOf(place)]!, rate) });
  const one = config.model.layers[at];
  const spatial = one?.type === 'spatial_dropout';
  const other = one && ofKind(config.model, spatial ? 'dropout' : 'spatial_dropout');
  const setRate = (rate: number) => patch({ model: withDropoutRates(config.model, () => rate) });
  return (
    <RemedyCard
      remedy={remedy}
      checked={rates.length > 0}
      disabled={rates.length === 0 && places.length === 0}
      onChange={(on) => (on ? put(places.at(-1)!, START_DROPOUT) : patch({ model: withoutDropout(config.model) }))}
      problem={rates.length === 1 ? problemAt(`/model/layers/${at}/rate`) : undefined}
      note={rates.length === 0 && places.length === 0 && 'This model has no hidden layer that it could follow.'}
    >
      {rates.length > 1 ? (
        <span>
          {rates.length} layers, {Math.min(...rates)} to {Math.max(...rates)}. Edit them in the layers.
        </span>
      ) : (
        <>
          <Field label="Rate">
            <NumberInput width={60} value={rates[0] ?? START_DROPOUT} onChange={setRate} />
          </Field>
          {other && (spatial || fits(other, context)) && (
            <Field label="Drops">
              <Select value={one.type} onChange={() => patch({ model: other })}>
                <option value="dropout">single units</option>
                <option value="spatial_dropout">whole channels</option>
              </Select>
            </Field>
          )}
          {after && places.includes(after) && (
            <Field label="After">
              <Select value={after} onChange={(event) => put(event.target.value, rates[0]!)}>
                {places.map((place) => (
                  <option key={place}>{place}</option>
                ))}
              </Select>
            </Field>
          )}
        </>
      )}
    </RemedyCard>
  );
}

/** null while two layers share a name */
function namesOf(model: ModelSpec): string[] | null {
  try {
    return layerNames(model);
  } catch {
    return null;
  }
}

/** With every dropout of one kind: neighbours in an image tell each other's value, so that dropping them one by one does little (Tompson et al. 2015). */
function ofKind(model: ModelSpec, type: 'dropout' | 'spatial_dropout'): ModelSpec {
  return {
    layers: model.layers.map((l) => (l.type === 'dropout' || l.type === 'spatial_dropout' ? { ...l, type } : l)),
  };
}

function fits(model: ModelSpec, { input, task }: CardProps['context']): boolean {
  try {
    planModel(model, input, task);
    return true;
  } catch {
    return false;
  }
}
