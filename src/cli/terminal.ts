// The process's own streams and signals, behind an interface, so that commands are tested without a terminal.
import { createInterface } from 'node:readline';

export interface Option<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

export interface Terminal {
  /** Questions can be asked: stdin and stderr are terminals. */
  readonly interactive: boolean;
  /** Results go to a terminal and not into a file or program. */
  readonly outIsTerminal: boolean;
  /** Results, on stdout. The text is written as it is. */
  out(text: string): void;
  /** Everything else, on stderr. */
  error(text: string): void;
  /** All of stdin as UTF-8. */
  readAll(): Promise<string>;
  /** One line from the person; undefined at the end of input, on Ctrl-C, or when `signal` aborts. */
  ask(question: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Undefined when the person gave up. */
  select<T extends string>(message: string, options: readonly Option<T>[], initial?: T): Promise<T | undefined>;
  text(message: string, initial: string): Promise<string | undefined>;
  password(message: string): Promise<string | undefined>;
  /** Ctrl-C, SIGTERM and SIGHUP. Returns what ends listening. */
  onStop(listener: () => void): () => void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function systemTerminal(): Terminal {
  const stdin = process.stdin;
  const stdout = process.stdout;
  const stderr = process.stderr;
  const listeners = new Set<() => void>();
  const stopped = (): void => {
    for (const listener of [...listeners]) listener();
  };
  // A reader that went away (`copaw … | head`) is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // Some terminals (a serial line, a bare pty) tell no width; the prompts would draw one character a line.
  const prompts = async () => {
    if (stdout.isTTY && !stdout.columns) stdout.columns = 80;
    return import('@clack/prompts');
  };
  return {
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    outIsTerminal: stdout.isTTY === true,
    out: (text) => stdout.write(text),
    error: (text) => stderr.write(text),
    async readAll() {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      return Buffer.concat(chunks).toString('utf8');
    },
    ask: (question, signal) =>
      new Promise((resolve) => {
        const reader = createInterface({ input: stdin, output: stderr, ...(signal ? { signal } : {}) });
        let answer: string | undefined;
        reader.on('close', () => {
          if (answer === undefined) stderr.write('\n');
          resolve(answer);
        });
        reader.on('SIGINT', () => {
          reader.close();
          stopped();
        });
        reader.question(question, (line) => {
          answer = line;
          reader.close();
        });
      }),
    async select(message, options, initial) {
      const clack = await prompts();
      const chosen = await clack.select<string>({
        message,
        options: options.map(({ value, label, hint }) => ({ value, label, ...(hint === undefined ? {} : { hint }) })),
        ...(initial === undefined ? {} : { initialValue: initial }),
      });
      return options.find(({ value }) => value === chosen)?.value;
    },
    async text(message, initial) {
      const clack = await prompts();
      const typed = await clack.text({ message, initialValue: initial });
      return typeof typed === 'string' ? typed : undefined;
    },
    async password(message) {
      const clack = await prompts();
      const typed = await clack.password({ message });
      return typeof typed === 'string' ? typed : undefined;
    },
    onStop(listener) {
      if (listeners.size === 0) for (const signal of signals) process.on(signal, stopped);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) for (const signal of signals) process.off(signal, stopped);
      };
    },
  };
}
