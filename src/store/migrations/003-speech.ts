// Calls that write speech down are counted by its length; of other calls there is none.
export const speech = `
ALTER TABLE usage ADD COLUMN seconds REAL;
`;
