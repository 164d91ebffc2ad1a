// Dutch for bpmn-js and its properties panel. Whatever is asked for and not known is collected, so that a test can fail on it.
import words from "./nl.json";

const missing = (globalThis.sluitendMissingWords ??= new Set());

export function translate(template, replacements = {}) {
  const known = Object.hasOwn(words, template);
  if (!known) missing.add(template);
  return (known ? words[template] : template).replace(/{([^}]+)}/g, (_, key) => replacements[key] ?? `{${key}}`);
}

export const dutch = { translate: ["value", translate] };
