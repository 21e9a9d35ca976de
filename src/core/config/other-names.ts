import { nearest, plain } from '../format/nearest.ts';

/** What users of Keras, PyTorch and Lightning call a key of ours, where no slip of the pen leads from one to the other. Plain letters. */
const NAMES: Record<string, string> = {
  lr: 'learningRate',
  rate: 'learningRate',
  batch: 'batchSize',
  bs: 'batchSize',
  minibatch: 'batchSize',
  minibatchsize: 'batchSize',
  numepochs: 'epochs',
  nepochs: 'epochs',
  nbepoch: 'epochs',
  maxepochs: 'epochs',
  randomseed: 'seed',
  randomstate: 'seed',
  opt: 'optimizer',
  optim: 'optimizer',
  scheduler: 'schedule',
  lrscheduler: 'schedule',
  lrschedule: 'schedule',
  criterion: 'loss',
  lossfn: 'loss',
  lossfunction: 'loss',
  gradclip: 'gradientClipping',
  clipnorm: 'gradientClipping',
  clipgradnorm: 'gradientClipping',
  maxgradnorm: 'gradientClipping',
  gradientclipval: 'gradientClipping',
  accumulategradbatches: 'accumulate',
  gradaccum: 'accumulate',
  gradientaccumulationsteps: 'accumulate',
  earlystop: 'earlyStopping',
  dtype: 'precision',
  net: 'model',
  network: 'model',
  architecture: 'model',
  // of optimisers
  eps: 'epsilon',
  rho: 'alpha',
  // of layers
  p: 'rate',
  dropoutrate: 'rate',
  dropprob: 'rate',
  outfeatures: 'units',
  outchannels: 'filters',
};

/** Keys that have their place elsewhere, as `place` says it; `at`: where people put them, '' is the configuration itself. */
const ELSEWHERE: readonly { words: readonly string[]; at: readonly string[]; place: string }[] = [
  {
    words: ['weightdecay', 'wd'],
    at: ['', 'optimizer'],
    place: 'weight decay is "weightDecay" of the optimizer whose kind is "adamw"',
  },
  {
    words: ['lr', 'learningrate'],
    at: ['optimizer'],
    place: 'the learning rate is "learningRate", beside "optimizer" and not in it',
  },
  {
    words: ['momentum', 'nesterov', 'beta1', 'beta2', 'epsilon', 'eps'],
    at: [''],
    place: 'it is one of the keys of "optimizer"',
  },
  { words: ['labelsmoothing'], at: [''], place: 'it is one of the keys of "loss"' },
  { words: ['patience', 'mindelta'], at: [''], place: 'it is one of the keys of "earlyStopping"' },
  { words: ['warmup', 'warmupepochs'], at: [''], place: 'it is one of the keys of "schedule"' },
];

/** The key, among those that are free where an unknown one stands, that it is likely meant to be. */
export function meantKey(key: string, free: readonly string[]): string | null {
  const word = plain(key);
  const other = Object.hasOwn(NAMES, word) ? NAMES[word]! : null;
  return other !== null && free.includes(other) ? other : nearest(key, free);
}

/** In words where such a key has its place; null where that isn't known. */
export function placeElsewhere(key: string, path: readonly PropertyKey[]): string | null {
  const word = plain(key);
  const at = path.join('/');
  return ELSEWHERE.find((each) => each.words.includes(word) && each.at.includes(at))?.place ?? null;
}
