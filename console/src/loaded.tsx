// A part of the console that is loaded when it is first shown, and a way on where it cannot be.
import { Component, type ReactNode } from 'react';
import { useText } from './settings.tsx';

/** The server was updated or is away: only loading the console again helps, and the conversation is on the server. */
export function NotLoaded() {
  const t = useText();
  return (
    <div role="alert">
      <p className="mb-4">{t.pageNotLoaded}</p>
      <button type="button" className="button-primary" onClick={() => location.reload()}>
        {t.reload}
      </button>
    </div>
  );
}

export class Loaded extends Component<{ readonly instead: ReactNode; readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
