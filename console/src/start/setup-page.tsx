// Setup mode (R2): the notice, exactly as the server has it, in Chinese with the original below, and one button. Accepting makes the home and logs this browser in.

import { useEffect, useRef, useState } from 'react';
import type { Notice } from '../../../src/http/contract.ts';
import { ApiError, api, problemOf } from '../live/api.ts';
import { useSettings, useText } from '../settings.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { ChevronIcon } from '../ui/icons.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { Problem } from '../ui/problem.tsx';
import { GatePage, Unreachable } from './gate-page.tsx';
import { logInSoon } from './log-in.ts';
import { noticeZh } from './notice-zh.ts';

type Step = 'reading' | 'accepting' | 'accepted' | 'dead' | 'unreachable';

export function SetupPage({ code, onReady, onRetry }: { readonly code: string | undefined; readonly onReady: () => void; readonly onRetry: () => void }) {
  const { text: t, language } = useSettings();
  const [notice, setNotice] = useState<Notice>();
  const [step, setStep] = useState<Step>('reading');
  const [problem, setProblem] = useState('');
  const asked = useRef(false);

  useEffect(() => {
    if (code === undefined || asked.current) return;
    asked.current = true;
    api.notice(code).then(setNotice, (error: unknown) => setStep(codeOf(error) === 'unreachable' ? 'unreachable' : 'dead'));
  }, [code]);

  const accept = async (): Promise<void> => {
    if (code === undefined || notice === undefined) return;
    setStep('accepting');
    setProblem('');
    try {
      const { link } = await api.acceptNotice({ code, sha256: notice.sha256, language });
      const login = /#code=([^&]+)/u.exec(link ?? '')?.[1];
      const failed = login === undefined ? 'dead' : await logInSoon(login);
      if (failed === undefined) onReady();
      else setStep('accepted');
    } catch (error) {
      setProblem(problemOf(error, t));
      setStep('reading');
    }
  };

  if (code === undefined) return <Message title={t.setupTitle} text={t.setupNoCode} onRetry={onRetry} />;
  if (step === 'dead') return <Message title={t.setupTitle} text={t.setupDead} onRetry={onRetry} />;
  if (step === 'unreachable') return <Unreachable onRetry={onRetry} />;
  if (step === 'accepted')
    return (
      <GatePage title={t.loginTitle}>
        <p role="status" className="mb-4 leading-relaxed text-muted">
          {t.loginReady}
        </p>
        <CodeBlock text="copaw open" language="" />
      </GatePage>
    );
  const translated = language === 'zh' && notice?.sha256 === noticeZh.sha256;
  return (
    <GatePage title={t.setupTitle} wide {...(notice ? {} : { busy: t.loading })}>
      {notice && (
        <>
          <p className="mb-5 leading-relaxed text-muted">{t.setupText}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section tabIndex={0} className="card max-h-[52dvh] overflow-y-auto px-6 py-5" aria-label={t.setupTitle}>
            {translated && <Markdown text={noticeZh.text} />}
            {translated ? (
              <details className="fold mt-4" lang="en">
                <summary lang="zh-CN">
                  <ChevronIcon className="chevron size-4" />
                  {noticeZh.original}
                </summary>
                <Markdown text={notice.text} />
              </details>
            ) : (
              <Markdown text={notice.text} />
            )}
          </section>
          <Problem text={problem} className="mt-4" />
          <button type="button" className="button-primary mt-6 self-start" disabled={step === 'accepting'} onClick={() => void accept()}>
            {step === 'accepting' ? t.accepting : t.accept}
          </button>
        </>
      )}
    </GatePage>
  );
}

function Message({ title, text, onRetry }: { readonly title: string; readonly text: string; readonly onRetry: () => void }) {
  const t = useText();
  return (
    <GatePage title={title}>
      <p role="alert" className="mb-6 leading-relaxed text-muted">
        {text}
      </p>
      <button type="button" className="button-quiet self-start" onClick={onRetry}>
        {t.retry}
      </button>
    </GatePage>
  );
}

function codeOf(error: unknown): string {
  return error instanceof ApiError ? error.code : 'internal';
}
