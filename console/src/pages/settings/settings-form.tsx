// The form: one part for each first key of config.json, and what stands alone at the top.
import { type ReactNode, useState } from 'react';
import { ChevronIcon } from '../../ui/icons.tsx';
import { type Change, isKeys, kindOf, type Node } from './schema.ts';
import { GroupFields, Setting } from './setting.tsx';
import type { SettingProps } from './setting-leaf.tsx';
import { useKeyWords, useSettingsText } from './text.ts';

interface SettingsFormProps {
  readonly schema: Node;
  readonly value: unknown;
  readonly onChange: (change: Change) => void;
}

/** Of the file, and of no interest to a person. */
const left: ReadonlySet<string> = new Set(['$schema', 'version']);

export function SettingsForm({ schema, value, onChange }: SettingsFormProps) {
  const t = useSettingsText();
  const { wordsOf } = useKeyWords();
  const held = isKeys(value) ? value : {};
  const all = Object.entries(schema.properties ?? {}).filter(([key]) => !left.has(key));
  const alone = all.filter(([, node]) => !['group', 'record', 'list'].includes(kindOf(node)));
  const parts = all.filter((one) => !alone.includes(one));
  return (
    <ul className="mb-6 space-y-2">
      <Part name={t.general} open>
        <div className="space-y-4">
          {alone.map(([key, node]) => (
            <Setting key={key} node={node} path={[key]} words={[key]} value={held[key]} onChange={onChange} />
          ))}
        </div>
      </Part>
      {parts.map(([key, node]) => (
        <Part key={key} name={wordsOf([key], node).name}>
          <Whole node={node} path={[key]} words={[key]} value={held[key]} onChange={onChange} />
        </Part>
      ))}
    </ul>
  );
}

/** A group needs no frame where it is a part of its own. */
function Whole(props: SettingProps) {
  const { hint } = useKeyWords().wordsOf(props.words, props.node);
  if (kindOf(props.node) !== 'group') return <Setting {...props} bare />;
  return (
    <>
      {hint !== '' && <p className="mb-3 text-sm text-muted">{hint}</p>}
      <GroupFields {...props} />
    </>
  );
}

function Part({ name, open: first = false, children }: { readonly name: string; readonly open?: boolean; readonly children: ReactNode }) {
  const [open, setOpen] = useState(first);
  return (
    <li className="tool">
      <button type="button" className="tool-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronIcon className="chevron size-4 text-muted" />
        <span className="font-medium">{name}</span>
      </button>
      {open && <div className="border-t border-line px-5 py-4">{children}</div>}
    </li>
  );
}
