// The first line of the console: takes a code out of the address bar, then draws the app in the words of one language.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { takeCode } from './route.ts';
import { loadFirstWords, SettingsProvider } from './settings.tsx';
import './ui/styles.css';

const code = takeCode();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
void loadFirstWords().then((first) =>
  createRoot(root).render(
    <StrictMode>
      <SettingsProvider first={first}>
        <App code={code} />
      </SettingsProvider>
    </StrictMode>,
  ),
);
