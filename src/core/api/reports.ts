import { z } from 'zod';
import { itemReportSchema } from '../metric/item-report.ts';
import { count, time } from './basics.ts';

/** Over the wire: what a run logged and found. */

const seriesSchema = z
  .object({
    name: z.string(),
    steps: z.array(z.int()),
    times: z.array(z.number()).describe('milliseconds since 1970'),
    values: z.array(z.number().nullable()).describe('null where it was not a number'),
  })
  .meta({ id: 'Series' });
export type Series = z.infer<typeof seriesSchema>;
export const seriesListSchema = z.object({ items: z.array(seriesSchema) });
export const seriesNamesSchema = z.object({ items: z.array(z.string()) });

export const logLineSchema = z
  .object({ id: z.string(), at: time, level: z.string(), attempt: count, message: z.string() })
  .meta({ id: 'LogLine' });

const classFiguresSchema = z.object({
  name: z.string(),
  items: count.describe('validation items of the class'),
  answered: count.describe('how often it was answered'),
  right: count,
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
});
const [classificationItems, regressionItems] = itemReportSchema.options;
export const itemReportWire = z
  .discriminatedUnion('kind', [
    classificationItems.extend({ classes: z.array(classFiguresSchema) }),
    regressionItems.extend({ targets: z.array(regressionItems.shape.targets.element.extend({ name: z.string() })) }),
  ])
  .meta({ id: 'ItemReport', description: 'Of the validation part alone.' });

export type NamedItems = z.infer<typeof itemReportWire>;

export const histogramsSchema = z
  .object({
    names: z.array(z.string()).describe('what/layer, such as weights/conv1 and gradients/conv1'),
    histograms: z.array(
      z.object({
        name: z.string(),
        step: count,
        epoch: count.describe('counted from 1'),
        min: z.number(),
        max: z.number(),
        counts: z.array(count).describe('bins of equal width from min to max'),
      }),
    ),
  })
  .meta({ id: 'Histograms' });

export const ratesSchema = z
  .object({
    rates: z.array(z.number()),
    losses: z.array(z.number()),
    smoothed: z.array(z.number()),
    suggestion: z.number().nullable().describe('where the smoothed loss falls fastest; null where it falls nowhere'),
    lowestAt: z.number().nullable().describe('where it is lowest: too high to train with'),
    words: z.string(),
  })
  .meta({ id: 'Rates' });
