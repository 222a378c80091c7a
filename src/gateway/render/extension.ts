// File name endings for code that is sent as a file.

const endings: Readonly<Record<string, string>> = {
  bash: 'sh',
  csharp: 'cs',
  'c++': 'cpp',
  go: 'go',
  haskell: 'hs',
  javascript: 'js',
  jsx: 'jsx',
  kotlin: 'kt',
  markdown: 'md',
  perl: 'pl',
  powershell: 'ps1',
  python: 'py',
  ruby: 'rb',
  rust: 'rs',
  shell: 'sh',
  tsx: 'tsx',
  typescript: 'ts',
  yaml: 'yml',
};

/** "py" for "python", "json" for "json"; "txt" where the language says no ending. */
export function extensionOf(language: string): string {
  const name = language.toLowerCase();
  return (Object.hasOwn(endings, name) ? endings[name] : undefined) ?? (/^[a-z][a-z\d]{0,4}$/u.test(name) ? name : 'txt');
}
