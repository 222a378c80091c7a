// Runs in a thread of its own: one page in, its text out.
import { parentPort, workerData } from 'node:worker_threads';
import { readablePage } from './readable-page.ts';

const { html, url, most } = workerData as { html: string; url: string; most: number };
const { title, text } = await readablePage(html, url);
parentPort?.postMessage({ title: title.slice(0, most), text: text.slice(0, most) });
