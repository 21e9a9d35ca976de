import type { ComponentType } from 'react';
import type { RemedyId } from '#core/remedies/index.ts';
import { AugmentationCard } from './augmentation.tsx';
import { BatchNormCard } from './batch_norm.tsx';
import type { CardProps } from './card.tsx';
import { DropoutCard } from './dropout.tsx';
import { EarlyStoppingCard } from './early_stopping.tsx';
import { SmallerModelCard } from './smaller_model.tsx';
import { TransferCard } from './transfer.tsx';
import { WeightPenaltyCard } from './weight_penalty.tsx';

/** The card of each remedy of #core/remedies/index.ts; a test holds the two together. */
export const CARDS: Partial<Record<RemedyId, ComponentType<CardProps>>> = {
  augmentation: AugmentationCard,
  dropout: DropoutCard,
  early_stopping: EarlyStoppingCard,
  weight_penalty: WeightPenaltyCard,
  batch_norm: BatchNormCard,
  transfer: TransferCard,
  smaller_model: SmallerModelCard,
};
