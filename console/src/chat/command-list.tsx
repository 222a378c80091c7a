// The commands that fit what is being typed, above the composer. The keys are the composer's; here they are shown, and pressed.
import { useEffect, useRef } from 'react';
import { useSettings } from '../settings.tsx';
import type { Command } from './command-match.ts';

export const commandListId = 'commands';
export const commandOptionId = (name: string): string => `command-${name}`;

export function CommandList({
  commands,
  chosen,
  onChoose,
  onTake,
}: {
  readonly commands: readonly Command[];
  readonly chosen: Command;
  readonly onChoose: (command: Command) => void;
  readonly onTake: (command: Command) => void;
}) {
  const { text: t, language } = useSettings();
  const current = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one comes into view when it changes
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen.name]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only keeps the focus in the field when something here is pressed
    <div className="commands" onMouseDown={(event) => event.preventDefault()}>
      <div id={commandListId} role="listbox" aria-label={t.commands.list} className="commands-list">
        {commands.map((command) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the focus stays in the field, which has the keys
          <div
            key={command.name}
            ref={command === chosen ? current : undefined}
            id={commandOptionId(command.name)}
            role="option"
            tabIndex={-1}
            aria-selected={command === chosen}
            className="commands-option"
            onPointerMove={() => onChoose(command)}
            onClick={() => onTake(command)}
          >
            <span className="font-mono text-sm">
              <span className="font-semibold">/{command.name}</span>
              {command.takes !== undefined && <span className="text-muted"> {command.takes[language]}</span>}
            </span>
            <span className="block text-sm text-muted">{command.says[language]}</span>
          </div>
        ))}
      </div>
      <p className="commands-foot">
        <span>{t.commands.legend}</span>
        <span className="hidden sm:inline">{t.commands.keys}</span>
      </p>
    </div>
  );
}
