// How long something is still waited for, as minutes and seconds; nothing once it is over.
import { useEffect, useState } from 'react';
import { countdown } from './format.ts';

export function Countdown({ until, words }: { readonly until: number; readonly words: (left: string) => string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return until > now && <span className="whitespace-nowrap tabular-nums">{words(countdown(until - now))}</span>;
}
