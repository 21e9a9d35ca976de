import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '#core/errors.ts';

/** Machines that compute one run together, over TensorFlow's own gRPC; the first one trains, the others lend it their device. */
export interface Hosts {
  /** "10.0.0.1:2222", in the same order on every machine */
  addresses: string[];
  /** This one's place among them. */
  task: number;
}

/** Another machine of a run is gone. The run goes on from its last checkpoint once that machine is back. */
export class LostHostError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LostHostError';
  }
}

/** Throws AppError `bad_request`. */
export function parseHosts(text: string, task: number): Hosts {
  const addresses = text.split(',').map((address) => address.trim());
  const bad = addresses.find((address) => !/^[A-Za-z0-9.-]+:\d{1,5}$/.test(address));
  if (bad !== undefined || addresses.length < 2)
    throw new AppError(
      'bad_request',
      `--hosts takes two machines or more, each with its port, such as 10.0.0.1:2222,10.0.0.2:2222; ${bad === undefined ? 'it has one' : `"${bad}" is none`}.`,
    );
  if (!Number.isInteger(task) || task < 0 || task >= addresses.length)
    throw new AppError('bad_request', `--task is this machine's place among the ${addresses.length} hosts, from 0.`);
  return { addresses, task };
}

/** Waits until each other machine answers: TensorFlow would wait for it without an end. Throws LostHostError after `patienceMs`. */
export async function awaitHosts({ addresses, task }: Hosts, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (const [i, address] of addresses.entries())
    while (i !== task && !(await answers(address))) {
      if (Date.now() > deadline)
        throw new LostHostError(
          `${address} does not answer. Start its trainer: npm run trainer -- --hosts ${addresses.join()} --task ${i}`,
        );
      await setTimeout(500);
    }
}

function answers(address: string): Promise<boolean> {
  const [host, port] = address.split(':') as [string, string];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: 2_000 });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
}
