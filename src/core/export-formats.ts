/** The formats that a checkpoint is exported to: as pages and the command line name them. */
export const EXPORT_FORMATS = {
  keras: { name: 'Keras', extension: '.keras', about: 'Keras 3: keras.models.load_model' },
  tfjs: { name: 'TensorFlow.js', extension: '.tfjs.zip', about: 'layers model: model.json and weights.bin' },
  onnx: { name: 'ONNX', extension: '.onnx', about: 'opset 17: ONNX Runtime 1.12 and later' },
  safetensors: { name: 'safetensors', extension: '.safetensors', about: 'the weights by name' },
  example: {
    name: 'Predict example',
    extension: '-predict.zip',
    about: 'ONNX with a Python and a Node script that predict from files',
  },
} as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;
export const EXPORT_FORMAT_IDS = Object.keys(EXPORT_FORMATS) as [ExportFormat, ...ExportFormat[]];
