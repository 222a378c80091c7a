import { expect, test } from 'vitest';
import { dollars as shown } from '../../console/src/ui/format.ts';
import { dollars } from './dollars.ts';

test('a small sum is not nothing, and both sides write the same', () => {
  const sums = [0, 1e-7, 0.0001, 0.0042, 0.01, 0.5, 12, 1234.567];
  expect(sums.map(dollars)).toEqual(['$0', '<$0.0001', '$0.0001', '$0.0042', '$0.01', '$0.50', '$12.00', '$1234.57']);
  expect(sums.slice(1).map(shown)).toEqual(sums.slice(1).map(dollars));
});
