// Not logged in: how to get a link that logs this browser in, and why the last one did not.

import { ownKey } from '../live/own-key.ts';
import { useText } from '../settings.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { GatePage } from './gate-page.tsx';
import type { LoginProblem } from './log-in.ts';

export function LoginPage({ problem, onRetry }: { readonly problem: LoginProblem | undefined; readonly onRetry: () => void }) {
  const t = useText();
  const words = problem === 'dead' ? t.loginDead : problem === 'busy' ? t.loginBusy : t.loginText;
  return (
    <GatePage title={t.loginTitle}>
      <p role={problem === undefined ? undefined : 'alert'} className="mb-4 leading-relaxed text-muted">
        {words}
      </p>
      {!ownKey.kept() && (
        <p role="alert" className="mb-4 leading-relaxed text-danger">
          {t.loginNotKept}
        </p>
      )}
      <CodeBlock text="copaw open" language="" />
      <button type="button" className="button-quiet mt-5 self-start" onClick={onRetry}>
        {t.loginCheck}
      </button>
    </GatePage>
  );
}
