// Which conversation something is drawn in, for what lies deep in it.
import { createContext } from 'react';

export const SessionId = createContext('');
