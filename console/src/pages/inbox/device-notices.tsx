// Whether this browser is told what waits while nobody looks: a switch, of what, and with or without its text. It says why where it cannot be.
import { useEffect, useRef, useState } from 'react';
import type { PushStateBody } from '../../../../src/http/contract.ts';
import { ApiError, api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { forgetPush, mayNotify, type PushPossible, pushPossible, subscribeWith } from '../../shell/push-browser.ts';
import { PageSection } from '../../ui/page-section.tsx';
import { useInboxText } from './text.ts';

type Choice = Pick<NonNullable<PushStateBody['device']>, 'kinds' | 'text'>;
const kinds = ['approvals', 'answers', 'reminders', 'failures'] as const;

export function DeviceNotices() {
  const words = useInboxText().device;
  const { language } = useSettings();
  const [possible, setPossible] = useState<PushPossible>(pushPossible);
  const [state, setState] = useState<PushStateBody>();
  const [tested, setTested] = useState(false);
  const { busy, problem, run } = useTask();
  const last = useRef<Promise<unknown>>(Promise.resolve());
  /** One change after the other: what was switched off is not switched on by what was under way. */
  const inTurn = (what: () => Promise<unknown>): void =>
    void run(() => {
      const done = last.current.then(what);
      last.current = done.catch(() => undefined);
      return done;
    });

  /** The browser says where it is reached, and CoPaw what of. */
  const save = async (choice: Choice): Promise<void> => {
    const { key } = await api.pushKey();
    const target = await subscribeWith(key).catch(() => {
      throw new ApiError('unreachable-push', words.unreachable);
    });
    await api.setPush({ ...target, kinds: choice.kinds, text: choice.text, language });
    setState(await api.push());
  };

  const load = (): void =>
    inTurn(async () => {
      const found = await api.push();
      setState(found);
      if (!found.device) return;
      // Taken back in the browser's settings, or moved by it: both are made good here.
      if (possible === 'denied') await api.pushOff();
      else if (possible === 'possible' && Notification.permission === 'granted') await save(found.device);
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is opened
  useEffect(load, []);

  /** Shown at once; what could not be kept is shown as it is. */
  const change = (choice: Choice): void => {
    const before = state;
    setTested(false);
    setState((now) => now && { ...now, device: { ...choice, language } });
    inTurn(() =>
      save(choice).catch((error: unknown) => {
        setState(before);
        throw error;
      }),
    );
  };
  const turn = (on: boolean): void => {
    setTested(false);
    inTurn(async () => {
      if (on && !(await mayNotify())) return setPossible(pushPossible());
      if (on) return save({ kinds: [...kinds], text: false });
      await api.pushOff();
      await forgetPush(true);
      setState(await api.push());
    });
  };

  const device = possible === 'possible' ? state?.device : undefined;
  return (
    <PageSection id="inbox-device" title={words.title} text={words.text} problem={problem} again={state ? undefined : load}>
      <div className="card px-5 py-4">
        {possible !== 'possible' && <p>{words.impossible[possible]}</p>}
        {possible === 'possible' && (
          <label className="flex min-h-11 items-center gap-3 font-medium">
            <input
              type="checkbox"
              className="size-5 shrink-0 accent-accent"
              checked={device !== undefined}
              disabled={state === undefined}
              onChange={(event) => turn(event.target.checked)}
            />
            {words.on}
          </label>
        )}
        {device && (
          <>
            <fieldset className="mt-2 grid sm:grid-cols-2">
              <legend className="mb-1 text-sm text-muted">{words.of}</legend>
              {kinds.map((kind) => (
                <label key={kind} className="flex min-h-11 items-center gap-2.5">
                  <input
                    type="checkbox"
                    className="size-4 shrink-0 accent-accent"
                    checked={device.kinds.includes(kind)}
                    disabled={device.kinds.length === 1 && device.kinds.includes(kind)}
                    onChange={(event) =>
                      change({ ...device, kinds: kinds.filter((one) => (one === kind ? event.target.checked : device.kinds.includes(one))) })
                    }
                  />
                  {words.kinds[kind]}
                </label>
              ))}
            </fieldset>
            <label className="flex min-h-11 items-center gap-2.5">
              <input
                type="checkbox"
                className="size-4 shrink-0 accent-accent"
                checked={device.text}
                onChange={(event) => change({ ...device, text: event.target.checked })}
              />
              {words.withText}
            </label>
            <p className="text-sm text-muted">{words.withTextHint}</p>
            <div className="mt-3 flex flex-wrap items-center gap-3">
              <button
                type="button"
                className="button-quiet button-small"
                disabled={busy}
                onClick={() => inTurn(() => api.testPush().then(() => setTested(true)))}
              >
                {words.test}
              </button>
              <span role="status" className="text-sm text-muted">
                {tested ? words.tested : device.problem === undefined ? '' : words.lastProblem(device.problem)}
              </span>
            </div>
          </>
        )}
      </div>
    </PageSection>
  );
}
