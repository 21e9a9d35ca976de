import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describeModel } from '../describe.ts';
import type { ExportedModel } from '../exported-model.ts';
import { toOnnx } from '../onnx/encode.ts';
import { OPSET } from '../onnx/wire.ts';
import { zipOf } from '../zip.ts';

const FOLDER = path.join(/* turbopackIgnore: true */ process.cwd(), 'src/server/exports/example');

/** A folder that runs: the model as ONNX, what its inputs and outputs mean, and a Python and a Node script that predict with it. */
export async function toExample(model: ExportedModel): Promise<Buffer> {
  const [python, node] = await Promise.all(
    ['predict.py', 'predict.mjs'].map((name) => readFile(path.join(FOLDER, name), 'utf8')),
  );
  const images = 'image' in model.schema;
  const packages = { 'onnxruntime-node': '^1.22.0', ...(images ? { sharp: '^0.34.0' } : {}) };
  return zipOf([
    ['README.md', readme(model)],
    ['model.onnx', toOnnx(model)],
    ['schema.json', `${JSON.stringify(model.schema, null, 2)}\n`],
    ['predict.py', python!],
    ['requirements.txt', `onnxruntime>=1.16\nnumpy\n${images ? 'pillow\n' : ''}`],
    ['predict.mjs', node!],
    ['package.json', `${JSON.stringify({ private: true, type: 'module', dependencies: packages }, null, 2)}\n`],
  ]);
}

function readme(model: ExportedModel): string {
  const { input, output } = describeModel(model);
  const { schema } = model;
  const file = 'image' in schema ? 'picture.png' : 'table.csv';
  const what =
    'image' in schema
      ? `Give it images. Those of another size than ${schema.image.width} x ${schema.image.height} are stretched; there the two scripts differ by how their libraries interpolate.`
      : `Give it CSV files in UTF-8 with a header that has these columns: ${schema.columns.map(({ name }) => name).join(', ')}.`;
  return `# ${model.origin}

    pip install -r requirements.txt && python predict.py ${file}
    npm install && node predict.mjs ${file}

Behind a firewall npm may fail to install onnxruntime-node: its script loads GPU libraries that are not needed here. Leave it out:

    ONNXRUNTIME_NODE_INSTALL=skip npm install

${what}

- input of model.onnx (opset ${OPSET}): ${input}
- output: ${output}
- schema.json: what the scripts read: ${'classes' in schema ? 'the classes' : 'offset and scale of each target'}${'columns' in schema ? ', and how each column is encoded, by statistics of the train part' : ''}
`;
}
