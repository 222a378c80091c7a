// A strict reader of the Prometheus text exposition format 0.0.4, for tests: what it does not know is an error.

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: ReadonlyMap<string, number>;
}

/** By name; samples by their labels as they are written, "" where there are none. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const families = new Map<string, { type: string; help: string; samples: Map<string, number> }>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\S.*)$/u.exec(line);
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$/u.exec(line);
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/u.exec(line);
    if (help?.[1] !== undefined) {
      if (families.has(help[1])) throw new Error(`${help[1]} comes twice.`);
      current = help[1];
      families.set(current, { help: help[2] ?? '', type: '', samples: new Map() });
    } else if (type) {
      const family = families.get(current);
      if (type[1] !== current || !family || family.type !== '') throw new Error(`TYPE out of place: ${line}`);
      if (type[2] === 'counter' && !current.endsWith('_total')) throw new Error(`${current} is a counter and does not end with _total.`);
      family.type = type[2] ?? '';
    } else if (sample) {
      const [, name = '', labels = '', value = ''] = sample;
      const family = families.get(name);
      if (name !== current || !family || family.type === '') throw new Error(`Sample out of place: ${line}`);
      if (labels !== '' && !/^(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\"n])*"(?:,(?!$)|$))+$/u.test(labels)) throw new Error(`Labels that are none: ${line}`);
      if (!/^(?:-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)|NaN|[+-]Inf)$/u.test(value)) throw new Error(`A number that is none: ${line}`);
      if (family.samples.has(labels)) throw new Error(`The same sample twice: ${line}`);
      family.samples.set(labels, Number(value.replace('Inf', 'Infinity')));
    } else throw new Error(`Not a line of the format: ${line}`);
  }
  for (const [name, { type, samples }] of families) if (type === '' || samples.size === 0) throw new Error(`${name} is not whole.`);
  return families;
}
