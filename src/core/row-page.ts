// Rows of the inbox and the outbox in pages, newest first.

/** A page of rows by their number, which grows with each row that is added. */
export interface RowPage<State extends string> {
  readonly states?: readonly State[];
  readonly limit: number;
  /** Only rows with a lower number. */
  readonly before?: number;
}

export type WaitingPage = Pick<RowPage<string>, 'limit' | 'before'>;

export type Numbered<Row> = Row & { readonly seq: number };
