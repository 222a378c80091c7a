// Words of the model of one conversation.

export const model = {
  label: 'Model of this conversation',
  usual: (ref: string) => `Default (${ref})`,
  gone: (ref: string) => `${ref} (not set up any more)`,
  notChosen: 'The model was not changed.',
  took: (seconds: string) => `${seconds} s`,
};
