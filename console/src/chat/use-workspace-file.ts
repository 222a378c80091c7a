// A file of the conversation's workspace, fetched once it is wanted and let go with the part that shows it.
import { useContext, useEffect, useState } from 'react';
import { api } from '../live/api.ts';
import { SessionId } from './session-id.ts';

export interface WorkspaceFile {
  /** What the server says it is, by its bytes; nothing that could run. */
  readonly type: string;
  /** Where the browser has it. */
  readonly url: string;
  readonly content: Blob;
}

/** Undefined until it is there; 'gone' where it cannot be had. */
export function useWorkspaceFile(path: string, wanted: boolean): WorkspaceFile | 'gone' | undefined {
  const sessionId = useContext(SessionId);
  const [found, setFound] = useState<WorkspaceFile | 'gone'>();
  useEffect(() => {
    if (!wanted || sessionId === '') return;
    let made: string | undefined;
    let current = true;
    api.workspaceFile(sessionId, path).then(
      (content) => {
        if (!current) return;
        made = URL.createObjectURL(content);
        setFound({ type: content.type, url: made, content });
      },
      () => current && setFound('gone'),
    );
    return () => {
      current = false;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [sessionId, path, wanted]);
  return found;
}
