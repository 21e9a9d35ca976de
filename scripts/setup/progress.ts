/** Progress of several tasks at once: lines that redraw in a terminal, a line now and then elsewhere. */
export interface Task {
  /** @param fraction 0 to 1, drawn as a bar */
  update(detail: string, fraction?: number): void;
  done(detail?: string): void;
  fail(detail: string): void;
}

interface Line {
  label: string;
  detail: string;
  fraction: number | undefined;
  started: number;
  said: number;
}

const tty = process.stdout.isTTY ?? false;
const active: Line[] = [];
let drawn = 0;
let timer: NodeJS.Timeout | undefined;

const seconds = (line: Line) => `${((Date.now() - line.started) / 1000).toFixed(0)} s`;

function format(line: Line): string {
  const width = 24;
  const filled = Math.round((line.fraction ?? 0) * width);
  const bar = line.fraction === undefined ? '' : ` ${'━'.repeat(filled)}${'─'.repeat(width - filled)}`;
  return `${line.label}${bar} ${line.detail} ${seconds(line)}`.replace(/ +/g, ' ');
}

function erase() {
  if (drawn > 0) process.stdout.write(`\x1b[${drawn}A\x1b[0J`);
  drawn = 0;
}

function draw() {
  if (!tty) {
    for (const line of active) {
      if (Date.now() - line.said < 15_000) continue;
      line.said = Date.now();
      console.log(format(line));
    }
    return;
  }
  erase();
  const columns = process.stdout.columns ?? 80;
  for (const line of active) process.stdout.write(`${format(line).slice(0, columns - 1)}\n`);
  drawn = active.length;
}

/** Starts a task; ends it with `done` or `fail`, each of which leaves one line behind. */
export function task(label: string): Task {
  const line: Line = { label, detail: '', fraction: undefined, started: Date.now(), said: Date.now() };
  active.push(line);
  timer ??= setInterval(draw, 150);
  const end = (text: string) => {
    if (!active.includes(line)) return;
    active.splice(active.indexOf(line), 1);
    if (tty) erase();
    console.log(text);
    if (active.length === 0) {
      clearInterval(timer);
      timer = undefined;
    } else if (tty) draw();
  };
  if (!tty) console.log(label);
  return {
    update(detail, fraction) {
      line.detail = detail;
      line.fraction = fraction;
    },
    done: (detail = '') => end(`${label}: done${detail && `, ${detail}`}, ${seconds(line)}`),
    fail: (detail) => end(`${label}: ${detail}`),
  };
}
