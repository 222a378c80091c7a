// Frames that no platform sends: nothing, other types, shapes and depths, and members that are none. Whoever reads them leaves them alone.

export const hostileFrames: readonly string[] = [
  ...['', '{}', '[]', 'null', '0', '"x"', '"text"', 'not json', '{"a":', '\u0000\u0001', '<xml/>', '12345678901234567890'],
  '{"type":"something-new","id":"1","payload":{"a":1}}',
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '{"id":{"$gt":""},"type":["message"],"sender":[],"text":{"toString":"x"},"chat":7}',
  '{"id":["a"],"type":{"$ne":1},"sender":{"id":{"toString":"x"}},"chat":"y","text":["/approve"]}',
  `{"type":"message","text":${JSON.stringify('x'.repeat(200_000))}}`,
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  '{"type":"message","id":"a\\u0000b","text":"\\ud800","sender":{"id":"\\u202e"}}',
  JSON.stringify({ id: 'x'.repeat(5_000), sender: { id: '*' }, text: 'everyone', type: 'message' }),
];
