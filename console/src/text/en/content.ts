// Words around code, tables, diagrams and changes, wherever one is shown.

export const content = {
  wrap: 'Wrap lines',
  showLines: (lines: number) => `Show all ${lines} lines`,
  showLess: 'Show less',
  table: 'Table',
  copyCsv: 'Copy as CSV',
  diagram: 'Diagram',
  draw: 'Draw',
  showSource: 'Show the source',
  drawing: 'Drawing…',
  notDrawn: 'This diagram could not be drawn. Its source is below.',
  tooLong: 'Drawing took too long and was stopped.',
  changed: (added: number, removed: number) => `${added} added, ${removed} removed`,
  beginning: 'The beginning of it',
  picture: (name: string) => `Picture ${name}`,
  asItIsNow: 'The file as it is now',
};
