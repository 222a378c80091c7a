// Keys that belong to an input method, which writes with them.

/** 229: the key it is busy with, where `isComposing` is already false again. */
export const byInputMethod = ({ isComposing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean => isComposing || keyCode === 229;
