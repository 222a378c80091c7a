// The text of an article out of its page. Takes as long as the page wants: only for the worker, which is ended when it takes too long.
import { Defuddle } from 'defuddle/node';
import { parseHTML } from 'linkedom';

export interface ReadablePage {
  readonly title: string;
  readonly text: string;
}

/** As Markdown. `useAsync: false` keeps the extractor from fetching anything itself. */
export async function readablePage(html: string, url: string): Promise<ReadablePage> {
  const result = await Defuddle(parseHTML(html).document, url, { markdown: true, useAsync: false });
  return { title: result.title, text: result.content };
}
