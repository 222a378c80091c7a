// What went wrong, said aloud where it comes up; nothing where nothing did.

export function Problem({ text, className }: { readonly text: string | undefined; readonly className: string }) {
  if (text === undefined || text === '') return null;
  return (
    <p role="alert" className={`text-danger ${className}`}>
      {text}
    </p>
  );
}
