// One file of memory: as any text, and it may be forgotten.
import type { TextDraftBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { Problem } from '../../ui/problem.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { TextFile } from '../../ui/text-file.tsx';
import { useMemoryText } from './text.ts';

const load = (path: string) => api.memoryFile(path);
const save = (draft: TextDraftBody) => api.saveMemory(draft);

export function MemoryFileView({ path, onForgotten }: { readonly path: string; readonly onForgotten: (undoId: string | undefined) => void }) {
  const t = useMemoryText();
  const { busy, problem, run } = useTask();
  const forget = () => run(async () => onForgotten((await api.forgetMemory({ path, note: '*' })).undoId));
  return (
    <>
      <TextFile path={path} owner="memory" load={load} save={save}>
        <SureButton label={t.forget} sure={t.forgetSure} disabled={busy} onSure={() => void forget()} />
      </TextFile>
      <Problem text={problem} className="mt-2 text-sm" />
    </>
  );
}
