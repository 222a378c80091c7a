// Runs in a thread of its own: one page in, its text out.
import { parentPort, workerData } from 'node:worker_threads';
import { readablePage } from './readable-page.ts';

const { html, url, most } = workerData as { html: string; url: string; most: number };
// Not awaited up here: one module that waits keeps the bundler from joining what every start loads. A rejection ends the thread with it.
void readablePage(html, url).then(({ title, text }) => parentPort?.postMessage({ title: title.slice(0, most), text: text.slice(0, most) }));
