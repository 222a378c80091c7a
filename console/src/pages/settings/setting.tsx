// One key of config.json as a part of a form, whatever its schema says it holds.
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { visible } from '../../ui/visible.ts';
import { emptyOf, isKeys, kindOf, type Node, type Path } from './schema.ts';
import { Either, Hint, Leaf, type SettingProps } from './setting-leaf.tsx';
import { useKeyWords, useSettingsText } from './text.ts';

export function Setting(props: SettingProps) {
  const kind = kindOf(props.node);
  switch (kind) {
    case 'group':
      return <Group {...props} />;
    case 'record':
      return <RecordSetting {...props} />;
    case 'list':
      return <ListSetting {...props} />;
    case 'either':
      return <Either {...props} />;
    default:
      return <Leaf {...props} kind={kind} />;
  }
}

/** Keys that are known, each below the other; a frame of its own where it is inside something. */
export function GroupFields({ node, path, words, value, onChange }: SettingProps) {
  const held = isKeys(value) ? value : {};
  return (
    <div className="space-y-4">
      {Object.entries(node.properties ?? {}).map(([key, below]) => (
        <Setting
          key={key}
          node={below}
          path={[...path, key]}
          words={[...words, key]}
          value={held[key]}
          required={node.required?.includes(key) === true && below.default === undefined}
          onChange={onChange}
        />
      ))}
    </div>
  );
}

function Group(props: SettingProps) {
  const { name, hint } = useKeyWords().wordsOf(props.words, props.node);
  return (
    <fieldset className="border-l-2 border-line pl-4">
      <legend className="text-sm font-semibold">{name}</legend>
      {hint !== '' && <p className="mb-2 text-[0.8125rem] text-muted">{hint}</p>}
      <GroupFields {...props} />
    </fieldset>
  );
}

function ListSetting(props: SettingProps) {
  const { node, path, words, onChange } = props;
  const id = useId();
  const t = useSettingsText();
  const { name } = useKeyWords().wordsOf(words, node);
  const item = node.items ?? {};
  const value: unknown = props.value ?? node.default;
  const held: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    <Frame {...props} name={name} id={id}>
      <ul className="my-2 space-y-2">
        {held.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry is its place in the list
          <li key={index}>
            <Entry {...props} node={item} path={[...path, index]} value={one} name={t.entry(name, index + 1)} />
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button-quiet button-small"
        onClick={() => onChange({ path: [...path, props.value === undefined ? 0 : held.length], value: emptyOf(item) })}
      >
        {t.add(name)}
      </button>
    </Frame>
  );
}

function RecordSetting(props: SettingProps) {
  const { node, path, words, onChange } = props;
  const id = useId();
  const t = useSettingsText();
  const [fresh, setFresh] = useState('');
  const { name: known } = useKeyWords().wordsOf(words, node);
  const name = words.at(-1) === '*' ? visible(String(path.at(-1))) : known;
  const item = node.additionalProperties ?? {};
  const value: unknown = props.value ?? node.default;
  const held = isKeys(value) ? value : {};
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (fresh.trim() === '' || Object.hasOwn(held, fresh.trim())) return;
    // Where the file holds none, those that are there by default stay beside the first of its own.
    if (props.value === undefined) onChange({ path, value: { ...held, [fresh.trim()]: emptyOf(item) } });
    else onChange({ path: [...path, fresh.trim()], value: emptyOf(item) });
    setFresh('');
  };
  return (
    <Frame {...props} name={name} id={id}>
      <ul className="my-2 space-y-4">
        {Object.entries(held).map(([key, one]) => (
          <li key={key}>
            <Entry {...props} node={item} path={[...path, key]} value={one} name={key} />
          </li>
        ))}
      </ul>
      <form className="flex flex-wrap items-end gap-2" onSubmit={add}>
        <label className="field flex-1 basis-40">
          <span>{t.newName(name)}</span>
          <input value={fresh} autoComplete="off" spellCheck={false} onChange={(event) => setFresh(event.target.value)} />
        </label>
        <button type="submit" className="button-quiet" disabled={fresh.trim() === ''}>
          {t.addEntry}
        </button>
      </form>
    </Frame>
  );
}

/** Around the entries of a list or record. */
function Frame({ name, id, children, ...props }: SettingProps & { readonly name: string; readonly id: string; readonly children: ReactNode }) {
  const { bare = false } = props;
  return (
    <fieldset className={bare ? '' : 'border-l-2 border-line pl-4'} aria-describedby={id}>
      <legend className={bare ? 'sr-only' : 'text-sm font-semibold'}>{name}</legend>
      <Hint {...props} id={id} />
      {children}
    </fieldset>
  );
}

/** `node`, `path` and `value` are those of the entry; `words` those of what it is in. */
function Entry({ node, path, words, value, name, onChange }: SettingProps & { readonly name: string; readonly node: Node; readonly path: Path }) {
  const t = useSettingsText();
  const below = [...words, '*'];
  const remove = (
    <button type="button" className="button-quiet button-small" aria-label={t.removeEntry(visible(name))} onClick={() => onChange({ path })}>
      ×
    </button>
  );
  const kind = kindOf(node);
  if (kind === 'text')
    return (
      <div className="flex items-end gap-2">
        <label className="field flex-1">
          <span className={typeof path.at(-1) === 'number' ? 'sr-only' : ''}>{visible(name)}</span>
          <input
            value={typeof value === 'string' ? value : ''}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ path, value: event.target.value })}
          />
        </label>
        {remove}
      </div>
    );
  const shared = { node, path, value, words: below, onChange };
  return (
    <fieldset className="card px-4 py-3">
      <legend className="sr-only">{visible(name)}</legend>
      <p className="mb-2 flex items-center justify-between gap-2">
        <strong className="min-w-0 font-semibold break-all">{visible(name)}</strong>
        {remove}
      </p>
      {kind === 'group' ? <GroupFields {...shared} /> : kind === 'record' ? <RecordSetting {...shared} bare /> : <Setting {...shared} />}
    </fieldset>
  );
}
