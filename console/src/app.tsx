// Which screen: the notice before there is a home, the login before there is a device, else the console.
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { ConsolePage } from './console-page.tsx';
import { ApiError, api } from './live/api.ts';
import { Loaded, NotLoaded } from './loaded.tsx';
import { onHashChange, takeCode } from './route.ts';
import { useText } from './settings.tsx';
import { GatePage, Unreachable } from './start/gate-page.tsx';
import { type LoginProblem, logIn } from './start/log-in.ts';

/** Whoever is logged in needs neither. */
const LoginPage = lazy(async () => ({ default: (await import('./start/login-page.tsx')).LoginPage }));
const SetupPage = lazy(async () => ({ default: (await import('./start/setup-page.tsx')).SetupPage }));

/** `code`: what the link carried. In setup mode it opens the notice, otherwise it logs in. */
type Screen =
  | { readonly at: 'loading' | 'unreachable' | 'setup'; readonly code: string | undefined }
  | { readonly at: 'login'; readonly problem?: LoginProblem }
  | { readonly at: 'console' };

export function App({ code }: { readonly code: string | undefined }) {
  const t = useText();
  const [screen, setScreen] = useState<Screen>({ at: 'loading', code });
  const looked = useRef<Screen>(undefined);

  useEffect(() => {
    // A code works once: an effect that runs twice must not spend it twice.
    if (screen.at !== 'loading' || looked.current === screen) return;
    looked.current = screen;
    void firstScreen(screen.code).then(setScreen);
  }, [screen]);

  // A fresh link opened in this very tab changes only the hash.
  useEffect(
    () =>
      onHashChange(() => {
        const fresh = takeCode();
        if (fresh !== undefined) setScreen({ at: 'loading', code: fresh });
      }),
    [],
  );

  const again = useCallback((): void => setScreen((now) => ({ at: 'loading', code: 'code' in now ? now.code : undefined })), []);
  const ready = useCallback((): void => setScreen({ at: 'console' }), []);
  // At once: whoever logs out may forget what was written, and nothing is written after that.
  const loggedOut = useCallback((): void => flushSync(() => setScreen({ at: 'login' })), []);
  switch (screen.at) {
    case 'loading':
      return <GatePage title="CoPaw" busy={t.loading} />;
    case 'unreachable':
      return <Unreachable onRetry={again} />;
    case 'setup':
      return (
        <Before>
          <SetupPage code={screen.code} onReady={ready} onRetry={again} />
        </Before>
      );
    case 'login':
      return (
        <Before>
          <LoginPage problem={screen.problem} onRetry={again} />
        </Before>
      );
    case 'console':
      return <ConsolePage onLoggedOut={loggedOut} />;
  }
}

/** A page before the console, as it comes. */
function Before({ children }: { readonly children: ReactNode }) {
  const t = useText();
  return (
    <Loaded
      instead={
        <GatePage title="CoPaw">
          <NotLoaded />
        </GatePage>
      }
    >
      <Suspense fallback={<GatePage title="CoPaw" busy={t.loading} />}>{children}</Suspense>
    </Loaded>
  );
}

async function firstScreen(code: string | undefined): Promise<Screen> {
  try {
    if ((await api.health()).setup) return { at: 'setup', code };
    const problem = code === undefined ? undefined : await logIn(code);
    if (problem === 'unreachable') return { at: 'unreachable', code };
    // A dead link in a browser that is logged in already does no harm.
    if (await loggedIn()) return { at: 'console' };
    return problem === undefined ? { at: 'login' } : { at: 'login', problem };
  } catch {
    return { at: 'unreachable', code };
  }
}

async function loggedIn(): Promise<boolean> {
  try {
    await api.status();
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'unauthenticated') return false;
    throw error;
  }
}
