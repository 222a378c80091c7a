// Proposals of toolchains: only what a PATH names, only known roots, never a home or what holds credentials.
import { expect, test } from 'vitest';
import { homeToolchains } from './home-toolchains.ts';

const home = '/home/ann';
const path = [
  '/home/ann/.nvm/versions/node/v24.1.0/bin',
  '/home/ann/.pyenv/shims',
  '/home/ann/.pyenv/bin',
  '/home/ann/.cargo/bin',
  '/home/ann/bin',
  '/home/ann/.ssh',
  '/home/ann/.pyenvy/bin',
  '/home/ann',
  '/home/bob/.cargo/bin',
  '/usr/bin',
].join(':');

test('known roots, once each', () => {
  expect(homeToolchains(path, home, [])).toEqual(['/home/ann/.nvm/versions/node/v24.1.0', '/home/ann/.pyenv', '/home/ann/.cargo/bin']);
});

test('not what is listed already, and nothing for a home that is none', () => {
  expect(homeToolchains(path, home, ['/home/ann/.pyenv', '/home/ann/.nvm'])).toEqual(['/home/ann/.cargo/bin']);
  expect(homeToolchains(path, '/', [])).toEqual([]);
  expect(homeToolchains(path, '', [])).toEqual([]);
});
