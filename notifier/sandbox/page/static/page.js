// What the whole page knows: its language, and the words that the modules say.

export const language = document.documentElement.lang;
export const words = JSON.parse(document.body.dataset.words);

/** Puts values into the places of a sentence. */
export const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
