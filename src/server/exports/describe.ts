import type { ExportedModel } from './exported-model.ts';

/** What a model's numbers mean, in words for whoever opens the file. */
export function describeModel({ input, task, schema }: Pick<ExportedModel, 'input' | 'task' | 'schema'>) {
  const from =
    input.kind === 'image'
      ? `float32 [items, ${input.height}, ${input.width}, ${input.channels}]: bytes of the image / 255, channels last`
      : `float32 [items, ${input.features}]: columns encoded as in the schema`;
  const to =
    task.kind === 'classification'
      ? `float32 [items, ${task.classes}]: logits of the classes in the schema's order; softmax gives probabilities`
      : `float32 [items, ${task.targets}]: times scale plus offset of the schema's targets gives ${'image' in schema ? 'pixels' : 'their own units'}`;
  return { input: from, output: to };
}
