// The files that the prompt of an agent is made from.
import { useMemo, useState } from 'react';
import type { Agents, TextDraftBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useSettings } from '../../settings.tsx';
import { fileSize } from '../../ui/format.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { TextFile } from '../../ui/text-file.tsx';
import { visible } from '../../ui/visible.ts';
import { useAgentsText } from './text.ts';

export function PersonaFiles({ agent, onChanged }: { readonly agent: Agents['agents'][number]; readonly onChanged: () => Promise<void> }) {
  const { locale } = useSettings();
  const words = useAgentsText();
  const [open, setOpen] = useState<string>();
  const { id } = agent;
  const door = useMemo(() => ({ load: (path: string) => api.agentFile(id, path), save: (draft: TextDraftBody) => api.saveAgentFile(id, draft) }), [id]);
  const list = new Intl.ListFormat(locale);
  return (
    <section className="mb-6">
      <h3 className="mb-1 font-semibold">{words.persona}</h3>
      <p className="mb-3 text-sm text-muted">{words.personaText}</p>
      <ul className="space-y-2">
        {agent.files.map(({ path, bytes, seenBy, cut }) => (
          <li key={path} className="tool">
            <button type="button" className="tool-head" aria-expanded={open === path} onClick={() => setOpen(open === path ? undefined : path)}>
              <ChevronIcon className="chevron size-4 text-muted" />
              <span className="min-w-0 flex-1 py-1 text-sm">
                <span className="block font-medium break-all">{visible(path)}</span>
                <span className="flex flex-wrap gap-x-3 text-muted">
                  <span>{bytes === undefined ? words.missing : fileSize(bytes)}</span>
                  <span>{words.seenBy(list.format(seenBy.map((kind) => words.seen[kind])))}</span>
                  {cut && <span className="text-warning">{words.cut}</span>}
                </span>
              </span>
            </button>
            {open === path && (
              <div className="border-t border-line px-5 py-4">
                <TextFile path={path} owner={`agents/${id}`} load={door.load} save={door.save} onSaved={() => void onChanged()} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
