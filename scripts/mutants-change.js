// What a mutant is made of: small changes of one file, each of which must find what it changes.

/** Replaces an exported function by one that is made of it: `real` is the one that was there. */
export const wrap = (file, name, body) => ({
  file,
  change: (text) => {
    const pattern = new RegExp(`export (async )?function ${name}\\b`);
    if (!pattern.test(text)) throw new Error(`${file} exports no function ${name}`);
    return `${text.replace(pattern, `$1function real_${name}`)}\nexport const ${name} = ((real) => ${body})(real_${name});\n`;
  },
});
/** Replaces a piece of text that must be there. */
export const swap = (file, from, to) => ({
  file,
  change: (text) => {
    const changed = text.replace(from, () => to);
    if (changed === text) throw new Error(`${file} holds no ${from}`);
    return changed;
  },
});
