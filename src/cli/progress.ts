/** One line that redraws itself on a terminal; elsewhere a line for every tenth of the way. */
export class ProgressLine {
  #last = '';
  #tenth = -1;
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  /** @param fraction of the way, 0 to 1; null where it is not known */
  update(label: string, fraction: number | null, note = ''): void {
    const line = [label, fraction === null ? '' : bar(fraction), note].filter(Boolean).join('  ');
    if (this.#stream.isTTY) {
      if (line !== this.#last) this.#stream.write(`\r\u001b[2K${line.slice(0, this.#stream.columns - 1)}`);
    } else {
      const tenth = fraction === null ? 0 : Math.floor(fraction * 10);
      if (tenth !== this.#tenth || !this.#last.startsWith(label)) this.#stream.write(`${line}\n`);
      this.#tenth = tenth;
    }
    this.#last = line;
  }

  /** A line that stays, above the one that moves. */
  print(text: string): void {
    this.clear();
    this.#stream.write(`${text}\n`);
  }

  clear(): void {
    if (this.#stream.isTTY && this.#last !== '') this.#stream.write('\r\u001b[2K');
    this.#last = '';
  }
}

function bar(fraction: number): string {
  const width = 24;
  const done = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `${'█'.repeat(done)}${'░'.repeat(width - done)} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
}
