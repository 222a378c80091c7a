// Prints the assistant's text: piece by piece on a terminal, and only what is final into a file or program.
import type { Terminal } from './terminal.ts';
import { stripControls } from './text.ts';

export class AnswerPrinter {
  readonly #terminal: Terminal;
  #step = -1;
  /** What of this step's draft was printed. */
  #printed = '';
  /** The last thing printed was not a line end. */
  #open = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  delta(step: number, text: string): void {
    if (!this.#terminal.outIsTerminal) return;
    this.#begin(step);
    this.#printed += text;
    this.#print(text);
  }

  /** The draft is void; on a terminal what was printed stays, with a mark. */
  reset(step: number): void {
    if (step !== this.#step || this.#printed === '') return;
    this.end();
    this.#terminal.error('(starting again)\n');
    this.#printed = '';
  }

  /** The final text of a step: prints what of it was not printed yet. */
  message(step: number, text: string): void {
    this.#begin(step);
    if (!text.startsWith(this.#printed)) this.reset(step);
    this.#print(text.slice(this.#printed.length));
    this.#printed = text;
    this.end();
  }

  /** Ends the line, so that something else can be printed. */
  end(): void {
    if (this.#open) this.#terminal.out('\n');
    this.#open = false;
  }

  #begin(step: number): void {
    if (step === this.#step) return;
    this.end();
    this.#step = step;
    this.#printed = '';
  }

  #print(text: string): void {
    const shown = this.#terminal.outIsTerminal ? stripControls(text) : text;
    if (shown === '') return;
    this.#terminal.out(shown);
    this.#open = !shown.endsWith('\n');
  }
}
