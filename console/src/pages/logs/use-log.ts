// Lines of the log as they are shown: a page, older pages below it, and what is added above while it is followed.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogPageBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';

export interface LogFilter {
  readonly level: string;
  readonly text: string;
}

const pageSize = 100;
/** Lines that stay on the page while it is followed; older ones can be asked for again. */
const mostFollowed = 1_000;
const followMs = 1_500;

export function useLog(filter: LogFilter, follow: boolean) {
  const [shown, setShown] = useState<LogPageBody>();
  const { busy, problem, run } = useTask();
  const latest = useRef<LogPageBody>(undefined);
  const show = useCallback((page: LogPageBody | undefined): void => {
    latest.current = page;
    setShown(page);
  }, []);
  const asked = useRef(filter);
  asked.current = filter;
  const load = useCallback(
    () =>
      run(async () => {
        const page = await api.logs({ ...filter, limit: String(pageSize) });
        if (asked.current === filter) show(page);
      }),
    [run, show, filter],
  );
  const older = (): Promise<void> =>
    run(async () => {
      const known = latest.current;
      if (known?.older === undefined) return;
      const page = await api.logs({ ...filter, limit: String(pageSize), before: known.older });
      // While it was on its way lines may have been added above, or something else was asked.
      if (latest.current?.older !== known.older) return;
      show(merged(page, [...latest.current.entries, ...page.entries], latest.current.newest));
    });
  useEffect(() => {
    show(undefined);
    void load();
  }, [load, show]);
  useEffect(() => {
    if (!follow) return;
    let gone = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async (): Promise<void> => {
      const known = latest.current;
      // Nobody sees a page that is hidden.
      if (known !== undefined && !document.hidden)
        await run(async () => {
          const page = await api.logs({ ...filter, limit: String(pageSize), after: known.newest });
          if (!gone && latest.current === known) show(added(known, page));
        });
      if (!gone) timer = setTimeout(() => void look(), followMs);
    };
    timer = setTimeout(() => void look(), 0);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [follow, filter, run, show]);
  return { shown, busy, problem, load, older };
}

/** Other lines, and as far back as the page goes. */
function merged(page: LogPageBody, entries: LogPageBody['entries'], newest: string): LogPageBody {
  return page.older === undefined ? { entries, newest } : { entries, newest, older: page.older };
}

/** More was written than one look takes: then only the newest are shown, without a hole. */
export function added(known: LogPageBody, page: LogPageBody): LogPageBody {
  if (page.older !== undefined) return page;
  const entries = [...page.entries, ...known.entries];
  if (entries.length <= mostFollowed) return merged(known, entries, page.newest);
  const kept = entries.slice(0, mostFollowed);
  const last = kept.at(-1)?.place;
  return { entries: kept, newest: page.newest, ...(last === undefined ? {} : { older: last }) };
}
